/** @file The embeddings folder: list, create, rename, delete, export, and putting a training's copy in place. */
import { readdir, readFile, rename, stat } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { LexemeError } from "@lexeme/core";
import {
  bytesAccess,
  embeddingShortHash,
  readTextualInversion,
  writeTextualInversionPt,
  writeTextualInversionSafetensors,
  type TextualInversion,
} from "@lexeme/formats";
import type { Checkpoint, CreateEmbeddingSettings, Embedding } from "@lexeme/protocol";
import { serverError } from "../errors.ts";
import type { Bin } from "./bin.ts";
import type { CheckpointLibrary } from "./checkpoints.ts";
import { initialVectors } from "./embedding-creation.ts";
import type { RunLibrary } from "./runs.ts";
import { writeWholeFile } from "./whole-file.ts";

const FORMATS = { ".pt": "pt", ".bin": "bin", ".safetensors": "safetensors" } as const;
/** 1024 rows of 8192 floats are 32 MiB; nothing larger is an embedding. */
const MAX_FILE_BYTES = 64 << 20;

type Described = Omit<Embedding, "previewPath" | "misfitReason"> & { unreadableReason: string | null };

export interface EmbeddingSources {
  folder: string;
  checkpoints: CheckpointLibrary;
  runs: RunLibrary;
  bin: Bin;
}

export class EmbeddingLibrary {
  readonly #sources: EmbeddingSources;
  readonly #described = new Map<string, { version: string; described: Described }>();

  constructor(sources: EmbeddingSources) {
    this.#sources = sources;
  }

  /** All embeddings by name; those that do not fit `checkpointName` (null: the chosen one) carry the reason. */
  async list(checkpointName: string | null = null): Promise<Embedding[]> {
    const [described, checkpoint, runs] = await Promise.all([
      this.#describeAll(),
      this.#sources.checkpoints.require(checkpointName).catch(() => undefined),
      this.#sources.runs.list(),
    ]);
    const previews = new Map(runs.toReversed().map((run) => [run.embeddingName, run.previews.at(-1)?.path]));
    return described.map((embedding) => toEmbedding(embedding, checkpoint, previews.get(embedding.name)));
  }

  /** Names and vector counts of what a prompt can call. */
  async named(): Promise<{ name: string; vectors: number }[]> {
    const usable = (await this.#describeAll()).filter(({ unreadableReason }) => unreadableReason === null);
    return usable.map(({ name, vectors }) => ({ name, vectors }));
  }

  /** The embedding called `name`. Throws LexemeError `EMBEDDING_MISSING`. */
  async require(name: string, field = "name"): Promise<Embedding> {
    const found = (await this.list()).find((embedding) => embedding.name === name);
    if (found === undefined)
      throw serverError("EMBEDDING_MISSING", `There is no embedding "${name}" in "${this.#sources.folder}"`, {
        details: { field },
      });
    return found;
  }

  /** The embedding, checked against a checkpoint. Throws LexemeError `EMBEDDING_MISFIT`. */
  async requireFitting(name: string, checkpoint: Checkpoint, field: string): Promise<Embedding> {
    const found = (await this.list(checkpoint.name)).find((embedding) => embedding.name === name);
    if (found === undefined)
      throw serverError("EMBEDDING_MISSING", `There is no embedding "${name}": create it first`, {
        details: { field },
      });
    if (found.misfitReason !== null) {
      throw serverError("EMBEDDING_MISFIT", `The embedding "${name}" cannot be used: ${found.misfitReason}`, {
        details: { field },
      });
    }
    return found;
  }

  /** Throws LexemeError `EMBEDDING_EXISTS` with `details.field` when the name is taken in any format. */
  async create(settings: CreateEmbeddingSettings): Promise<Embedding> {
    const { name, initText, numVectorsPerToken, overwriteOld, fileFormat } = settings;
    const taken = await this.#filesNamed(name);
    if (taken.length > 0 && !overwriteOld) throw nameTaken(name, taken);
    const checkpoint = await this.#sources.checkpoints.require(settings.checkpoint);
    const initial = await initialVectors(checkpoint.path, initText, numVectorsPerToken);
    // A1111 leaves the checkpoint's name empty until the first training.
    const written = { ...initial, name, step: 0, sdCheckpoint: undefined, sdCheckpointName: undefined };
    await this.#replace(taken, join(this.#sources.folder, `${name}.${fileFormat}`), encode(written, fileFormat));
    return this.require(name);
  }

  async rename(name: string, newName: string): Promise<Embedding> {
    const { path } = await this.require(name);
    if (newName === name) return this.require(name);
    const taken = (await this.#filesNamed(newName)).filter((other) => other !== path);
    if (taken.length > 0) throw nameTaken(newName, taken);
    await rename(path, join(path, "..", `${newName}${extname(path)}`));
    return this.require(newName);
  }

  /** Moves every file of that name to the bin; the token brings them back. */
  async discard(name: string): Promise<string> {
    await this.require(name);
    return this.#sources.bin.discard(await this.#filesNamed(name));
  }

  /** The embedding's bytes in the format asked for. */
  async export(name: string, format: "pt" | "safetensors"): Promise<Uint8Array> {
    const { path, format: own } = await this.require(name);
    const bytes = await readFile(path);
    if (own === format) return bytes;
    return encode({ ...(await readTextualInversion(bytesAccess(bytes))), name }, format);
  }

  /** Makes the copy at `path` (already confined to the roots) the embedding; what it replaces goes to the bin. */
  async useCopy(name: string, path: string): Promise<Embedding> {
    const bytes = await readBounded(path);
    const copy = await readTextualInversion(bytesAccess(bytes));
    const format = extname(path).toLowerCase() === ".safetensors" ? "safetensors" : "pt";
    await this.#replace(
      await this.#filesNamed(name),
      join(this.#sources.folder, `${name}.${format}`),
      encode({ ...copy, name }, format),
    );
    return this.require(name);
  }

  /** Width and trained steps of an embedding file anywhere, as a copy of a run. Throws the readers' LexemeErrors. */
  async inspectFile(path: string): Promise<{ width: number; step: number }> {
    const { width, step } = await readTextualInversion(bytesAccess(await readBounded(path)));
    return { width, step };
  }

  /** The old files are in the bin before the new one is there, so that two formats of one name never lie side by side. */
  async #replace(old: readonly string[], path: string, bytes: Uint8Array): Promise<void> {
    const token = old.length > 0 ? await this.#sources.bin.discard(old) : undefined;
    try {
      await writeWholeFile(path, bytes, { replace: false });
    } catch (error) {
      if (token !== undefined) await this.#sources.bin.restore(token);
      throw error;
    }
  }

  /** Paths of every format under that name. A prompt does not tell case apart, so neither do names. */
  async #filesNamed(name: string): Promise<string[]> {
    const wanted = name.toLowerCase();
    return (await this.#files()).filter((path) => basename(path, extname(path)).toLowerCase() === wanted);
  }

  async #files(): Promise<string[]> {
    const entries = await readdir(this.#sources.folder, { recursive: true, withFileTypes: true }).catch(() => []);
    return entries
      .filter(
        (entry) => !entry.isDirectory() && !entry.name.startsWith(".") && extname(entry.name).toLowerCase() in FORMATS,
      )
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  }

  async #describeAll(): Promise<Described[]> {
    const all = await Promise.all((await this.#files()).map((path) => this.#describe(path)));
    return all
      .filter((one) => one !== undefined)
      .toSorted((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
  }

  async #describe(path: string): Promise<Described | undefined> {
    const file = await stat(path).catch(() => undefined);
    if (!file?.isFile()) return undefined;
    const version = `${file.size}:${file.mtimeMs}`;
    const known = this.#described.get(path);
    if (known?.version === version) return known.described;
    const described = await describe(path, file.mtimeMs);
    this.#described.set(path, { version, described });
    return described;
  }
}

async function describe(path: string, modifiedAt: number): Promise<Described> {
  const extension = extname(path);
  const format = FORMATS[extension.toLowerCase() as keyof typeof FORMATS];
  const base = { name: basename(path, extension), path, format, modifiedAt };
  try {
    const bytes = new Uint8Array(await readBounded(path));
    const { count, width, step, sdCheckpointName } = await readTextualInversion(bytesAccess(bytes));
    const shortHash = await embeddingShortHash(bytes);
    return {
      ...base,
      vectors: count,
      width,
      step,
      checkpointName: sdCheckpointName ?? null,
      shortHash,
      unreadableReason: null,
    };
  } catch (error) {
    if (!(error instanceof LexemeError)) throw error;
    return {
      ...base,
      vectors: 0,
      width: 0,
      step: null,
      checkpointName: null,
      shortHash: "",
      unreadableReason: error.message,
    };
  }
}

async function readBounded(path: string): Promise<Buffer> {
  const { size } = await stat(path);
  if (size > MAX_FILE_BYTES) {
    throw serverError("EMBEDDING_MISFIT", `"${path}" has ${size} bytes, more than any embedding: it is something else`);
  }
  return readFile(path);
}

function toEmbedding(
  { unreadableReason, ...embedding }: Described,
  checkpoint: Checkpoint | undefined,
  previewPath: string | undefined,
): Embedding {
  const expected = checkpoint?.textWidth ?? null;
  const misfit =
    expected !== null && embedding.width !== expected
      ? `its vectors are ${embedding.width} wide, and "${checkpoint?.name}" expects ${expected}: it was made for another kind of checkpoint`
      : null;
  return { ...embedding, misfitReason: unreadableReason ?? misfit, previewPath: previewPath ?? null };
}

function encode(
  embedding: Omit<TextualInversion, "innerName"> & { name: string },
  format: "pt" | "safetensors",
): Uint8Array {
  return format === "pt" ? writeTextualInversionPt(embedding) : writeTextualInversionSafetensors(embedding);
}

function nameTaken(name: string, files: readonly string[]): LexemeError {
  const file = basename(files[0] ?? name);
  return serverError(
    "EMBEDDING_EXISTS",
    `There is already an embedding "${file}": choose another name, or tick "Overwrite old embedding"`,
    {
      details: { field: "name", name },
    },
  );
}
