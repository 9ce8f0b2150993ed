/** @file Writes a safetensors checkpoint in torch's older format, as `torch.save(…, _use_new_zipfile_serialization=False)` does. In that format weights have odd offsets. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { elementCount } from "@lexeme/core";
import type { CheckpointTensor } from "../src/checkpoint-weights.ts";

const STORAGE_CLASSES: Readonly<Record<string, string>> = {
  F16: "HalfStorage",
  F32: "FloatStorage",
  I64: "LongStorage",
};

/** Writes `<folder>/small.ckpt` with the tensors in `bytes`, and returns its path. */
export async function writeTorchCheckpoint(
  folder: string,
  { bytes, tensors }: { bytes: Buffer; tensors: ReadonlyMap<string, CheckpointTensor> },
): Promise<string> {
  const entries = [...tensors.entries()];
  const dict = entries.map(([key, { dtype, shape }], i) => {
    const strides = shape.map((_, axis) => elementCount(shape.slice(axis + 1)));
    const storage = [
      text("storage"),
      name("torch", STORAGE_CLASSES[dtype]!),
      text(`${i}`),
      text("cpu"),
      int(elementCount(shape)),
    ];
    const args = [`${tuple([...storage, "N"])}Q`, int(0), tuple(shape.map(int)), tuple(strides.map(int)), "\x89"];
    return `${text(key)}${name("torch._utils", "_rebuild_tensor_v2")}${tuple([...args, name("collections", "OrderedDict") + ")R"])}R`;
  });
  const pickles = [
    "\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19",
    "M\xe9\x03",
    "}",
    `}(${text("state_dict")}}(${dict.join("")}uu`,
    `](${entries.map((_, i) => text(`${i}`)).join("")}e`,
  ].map((body) => Buffer.from(`\x80\x02${body}.`, "latin1"));
  const storages = entries.flatMap(([, { shape, offset, length }]) => {
    const size = Buffer.alloc(8);
    size.writeBigInt64LE(BigInt(elementCount(shape)));
    return [size, bytes.subarray(offset, offset + length)];
  });
  const path = join(folder, "small.ckpt");
  await writeFile(path, Buffer.concat([...pickles, ...storages]));
  return path;
}

function text(value: string): string {
  return `X${uint32(value.length)}${value}`;
}

function int(value: number): string {
  return `J${uint32(value)}`;
}

function uint32(value: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes.toString("latin1");
}

function tuple(items: readonly string[]): string {
  return `(${items.join("")}t`;
}

function name(module: string, attribute: string): string {
  return `c${module}\n${attribute}\n`;
}
