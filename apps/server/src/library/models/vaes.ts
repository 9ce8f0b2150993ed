/** @file Separate VAE files, under models/VAE and beside the checkpoints, and which of them a checkpoint uses. */
import { LexemeError } from "@lexeme/core";
import { stat } from "node:fs/promises";
import { basename, dirname, parse } from "node:path";
import type { CheckpointRef } from "@lexeme/domain/jobs";
import type { Vae } from "@lexeme/protocol";

import type { FileHashes } from "./file-hashes.ts";
import type { ListedLibrary, WatchedFolder } from "../listed-library.ts";
import { filesUnder } from "./model-files.ts";
import type { SettingsFile } from "../options/settings-file.ts";

/** Besides, checkpoints' folders hold them as `<name>.vae.<ending>`, as A1111 wants it. */
const VAE_FILE = /\.(safetensors|ckpt|pt)$/i;
const VAE_BESIDE = /\.vae\.(safetensors|ckpt|pt)$/i;

export interface VaeSources {
  folder: string;
  checkpoints: string;
  hashes: FileHashes;
  settings: SettingsFile;
  /** Told of a change of the list. */
  changed: () => void;
}

export class VaeLibrary implements ListedLibrary {
  readonly watched: readonly WatchedFolder[];
  readonly changed: () => void;
  readonly #sources: VaeSources;

  constructor(sources: VaeSources) {
    this.#sources = sources;
    this.watched = [{ path: sources.folder, depth: 5 }];
    this.changed = sources.changed;
  }

  /** By name. Of two files with one name that in the VAEs' own folder is meant. Hashes that are not known yet are being computed. */
  async list(): Promise<Vae[]> {
    const [own, beside] = await Promise.all([
      filesUnder(this.#sources.folder, VAE_FILE),
      filesUnder(this.#sources.checkpoints, VAE_BESIDE),
    ]);
    const byName = new Map([...beside, ...own].map((path) => [basename(path), path]));
    const vaes = await Promise.all(
      [...byName].map(async ([name, path]) => {
        const status = await stat(path).catch(() => undefined);
        if (status?.isFile() !== true) return undefined;
        return { name, path, sizeBytes: status.size, shortHash: this.#shortHash(path, status) };
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
      throw new LexemeError(
        "VAE_MISSING",
        `There is no VAE "${setting}": choose another, or put it into "${this.#sources.folder}"`,
        { details: { field: "vae" } },
      );
    }
    return { name: found.name, path: found.path, shortHash: found.shortHash };
  }

  /** The setting that jobs have by default: the one chosen, or Automatic while that file is gone. */
  async chosen(): Promise<string> {
    const setting = this.#sources.settings.vae;
    const isFile = setting !== "Automatic" && setting !== "None";
    return !isFile || (await this.list()).some(({ name }) => name === setting) ? setting : "Automatic";
  }

  /** Throws LexemeError `VAE_MISSING`. */
  async choose(setting: string): Promise<void> {
    // Automatic and None need no file.
    await this.ref(setting, { path: "" });
    await this.#sources.settings.chooseVae(setting);
  }

  #shortHash(path: string, { size, mtimeMs }: { size: number; mtimeMs: number }): string | null {
    return this.#sources.hashes.get({ path, version: `${size}:${mtimeMs}` })?.slice(0, 10) ?? null;
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
