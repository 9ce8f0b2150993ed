/**
 * @file Writes an embedding as A1111 does (`.pt`) and as safetensors. The `.pt` holds only the zip members that A1111 1.6 allows
 * (`data.pkl`, `data/0`, `version`), and torch loads it with `weights_only=True`. The same input always gives the same bytes.
 */
import { zipSync, type ZipOptions } from "fflate";
import { PickleWriter } from "./torch/pickle-writer.ts";
import type { TextualInversion } from "./textual-inversion.ts";

/** Id of `*` in CLIP's vocabulary; A1111 writes it for every word. */
const STAR_TOKEN = 265;
/** torch aligns data to 64 bytes so that it can be mapped. */
const ALIGNMENT = 64;
const LOCAL_HEADER_BYTES = 30;
const EXTRA_HEADER_BYTES = 4;
/** torch's own id of the padding field, "FB". */
const PADDING_FIELD = 0x4246;
const ROOT = "archive";
/** The earliest date of a zip, so that the same embedding gives the same file. */
const ZIP_EPOCH = new Date(1980, 0, 1);

/** The content of the files. `name` is written inside, but readers use the file name. */
export type TextualInversionToWrite = Omit<TextualInversion, "innerName" | "step"> & { name: string; step: number };

/** A1111's `.pt`: `string_to_token`, `string_to_param`, `name`, `step`, `sd_checkpoint`, `sd_checkpoint_name`. */
export function writeTextualInversionPt(embedding: TextualInversionToWrite): Uint8Array {
  checkSize(embedding);
  const { count, width, vectors } = embedding;
  const pickle = new PickleWriter();
  pickle.dict(() => {
    pickle.text("string_to_token").dict(() => pickle.text("*").int(STAR_TOKEN));
    pickle.text("string_to_param").dict(() => {
      pickle.text("*").global("torch._utils", "_rebuild_tensor_v2");
      pickle.tuple(() => {
        pickle.tuple(() => {
          pickle.text("storage").global("torch", "FloatStorage").text("0").text("cpu").int(vectors.length);
        });
        pickle.persistentId().int(0);
        pickle.tuple(() => pickle.int(count).int(width));
        pickle.tuple(() => pickle.int(width).int(1));
        pickle.boolean(false).global("collections", "OrderedDict");
        pickle.tuple(() => undefined).reduce();
      });
      pickle.reduce();
    });
    pickle.text("name").text(embedding.name).text("step").int(embedding.step);
    pickle.text("sd_checkpoint").textOrNone(embedding.sdCheckpoint);
    pickle.text("sd_checkpoint_name").textOrNone(embedding.sdCheckpointName);
  });
  return zipAligned([
    [`${ROOT}/data.pkl`, pickle.finish()],
    [`${ROOT}/data/0`, littleEndianBytes(vectors)],
    [`${ROOT}/version`, new TextEncoder().encode("3\n")],
  ]);
}

/** Safetensors with the single key `emb_params`, which A1111 and other tools read; all other facts are in `__metadata__`. */
export function writeTextualInversionSafetensors(embedding: TextualInversionToWrite): Uint8Array {
  checkSize(embedding);
  const { count, width, vectors, name, step, sdCheckpoint, sdCheckpointName } = embedding;
  const data = littleEndianBytes(vectors);
  const header = {
    __metadata__: {
      format: "pt",
      name,
      step: String(step),
      ...(sdCheckpoint !== undefined && { sd_checkpoint: sdCheckpoint }),
      ...(sdCheckpointName !== undefined && { sd_checkpoint_name: sdCheckpointName }),
    },
    emb_params: { dtype: "F32", shape: [count, width], data_offsets: [0, data.length] },
  };
  const json = new TextEncoder().encode(JSON.stringify(header));
  const padded = json.length + ((8 - (json.length % 8)) % 8);
  const file = new Uint8Array(8 + padded + data.length).fill(0x20, 8, 8 + padded);
  new DataView(file.buffer).setBigUint64(0, BigInt(padded), true);
  file.set(json, 8);
  file.set(data, 8 + padded);
  return file;
}

function checkSize({ count, width, vectors, step }: TextualInversionToWrite): void {
  if (count < 1 || width < 1 || vectors.length !== count * width) {
    throw new TypeError(`[${count}, ${width}] vectors need ${count * width} values, got ${vectors.length}`);
  }
  if (!Number.isInteger(step) || step < 0) throw new RangeError(`step must be a whole number from 0, got ${step}`);
}

function littleEndianBytes(values: Float32Array): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => view.setFloat32(i * 4, value, true));
  return bytes;
}

/** An uncompressed zip whose members' data begin at multiples of 64, because of an extra field of the right length, as torch writes it. */
function zipAligned(members: [string, Uint8Array][]): Uint8Array {
  const entries: Record<string, [Uint8Array, ZipOptions]> = {};
  let at = 0;
  for (const [name, data] of members) {
    const before = at + LOCAL_HEADER_BYTES + name.length + EXTRA_HEADER_BYTES;
    const padding = (ALIGNMENT - (before % ALIGNMENT)) % ALIGNMENT;
    entries[name] = [
      data,
      { level: 0, mtime: ZIP_EPOCH, extra: { [PADDING_FIELD]: new Uint8Array(padding).fill(0x5a) } },
    ];
    at = before + padding + data.length;
  }
  return zipSync(entries);
}
