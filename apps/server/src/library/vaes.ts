/** @file Separate VAE files, under models/VAE and beside the checkpoints, and which of them a checkpoint uses. */
import { stat } from "node:fs/promises";
import { basename, dirname, parse } from "node:path";
import type { CheckpointRef, Vae } from "@lexeme/protocol";
import { serverError } from "../errors.ts";
import type { FileHashes } from "./file-hashes.ts";
import { filesUnder } from "./model-files.ts";

/** Besides, checkpoints' folders hold them as `<name>.vae.<ending>`, as A1111 wants it. */
const VAE_FILE = /\.(safetensors|ckpt|pt)$/i;
const VAE_BESIDE = /\.vae\.(safetensors|ckpt|pt)$/i;

export interface VaeSources {
  folder: string;
  checkpoints: string;
  hashes: FileHashes;
}

export class VaeLibrary {
  readonly #sources: VaeSources;

  constructor(sources: VaeSources) {
    this.#sources = sources;
  }

  /** By name. Of two files with one name that in the VAEs' own folder is meant. */
  async list(): Promise<Vae[]> {
    const [own, beside] = await Promise.all([
      filesUnder(this.#sources.folder, VAE_FILE),
      filesUnder(this.#sources.checkpoints, VAE_BESIDE),
    ]);
    const byName = new Map([...beside, ...own].map((path) => [basename(path), path]));
    const vaes = await Promise.all(
      [...byName].map(async ([name, path]) => {
        const status = await stat(path).catch(() => undefined);
        return status?.isFile() === true ? { name, path, sizeBytes: status.size } : undefined;
      }),
    );
    return vaes.filter((vae) => vae !== undefined).toSorted((a, b) => a.name.localeCompare(b.name, "en"));
  }

  /** The file for a `vae` setting; null is the checkpoint's own. Throws LexemeError `VAE_MISSING`. */
  async ref(setting: string, checkpoint: { path: string }): Promise<NonNullable<CheckpointRef["vae"]> | null> {
    if (setting === "None") return null;
    const all = await this.list();
    const found = setting === "Automatic" ? automatic(all, checkpoint.path) : all.find(({ name }) => name === setting);
    if (found === undefined) {
      if (setting === "Automatic") return null;
      throw serverError(
        "VAE_MISSING",
        `There is no VAE "${setting}": choose another, or put it into "${this.#sources.folder}"`,
        { details: { field: "vae" } },
      );
    }
    const { size, mtimeMs } = await stat(found.path);
    const sha256 = this.#sources.hashes.get({ path: found.path, version: `${size}:${mtimeMs}` });
    return { name: found.name, path: found.path, shortHash: sha256?.slice(0, 10) ?? null };
  }
}

/**
 * A1111 takes the first file whose name begins with the checkpoint's, so that `model` also picks up `model-2.vae.pt`; here a file named
 * exactly after the checkpoint comes first, and one beside it before the others.
 */
function automatic(all: readonly Vae[], checkpointPath: string): Vae | undefined {
  const stem = parse(checkpointPath).name;
  const exact = all.filter(({ name }) => [`${stem}.vae`, stem].includes(parse(name).name));
  const isBeside = ({ path }: Vae): boolean => dirname(path) === dirname(checkpointPath);
  return exact.find(isBeside) ?? exact[0] ?? all.find(({ name }) => name.startsWith(stem));
}
