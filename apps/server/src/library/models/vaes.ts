/** @file The separate VAE files under models/VAE and beside the checkpoints, and the choice of a VAE for a checkpoint. */
import { AUTOMATIC_VAE, OWN_VAE } from "@lexeme/domain/settings";
import { LexemeError } from "@lexeme/core";
import { dirname, parse } from "node:path";
import type { WalkedFile } from "@lexeme/data-folder";
import type { CheckpointRef } from "@lexeme/domain/jobs";
import type { Vae } from "@lexeme/protocol";

import type { FileHashes } from "./file-hashes.ts";
import type { ListedLibrary, WatchedFolder } from "../listed-library.ts";
import { filesUnder, versionOfFile } from "./model-files.ts";
import type { SettingsFile } from "../options/settings-file.ts";

/** Endings of files under models/VAE. As in A1111, a checkpoint's folder may also hold a VAE as `<name>.vae.<ending>`. */
const VAE_FILE = /\.(safetensors|ckpt|pt)$/i;
const VAE_BESIDE = /\.vae\.(safetensors|ckpt|pt)$/i;

export interface VaeSources {
  folder: string;
  checkpoints: string;
  hashes: FileHashes;
  settings: SettingsFile;
  /** Called when the list has changed. */
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

  /** All VAEs by name. If two files have one name, the file under models/VAE counts. Unknown hashes are computed in the background. */
  async list(): Promise<Vae[]> {
    const [own, beside] = await Promise.all([
      filesUnder(this.#sources.folder, VAE_FILE),
      filesUnder(this.#sources.checkpoints, VAE_BESIDE),
    ]);
    const byName = new Map([...beside, ...own].map((vae) => [vae.file, vae]));
    const vaes = [...byName].map(([name, vae]) => {
      return { name, path: vae.path, sizeBytes: vae.sizeBytes, shortHash: this.#shortHash(vae) };
    });
    return vaes.toSorted((a, b) => a.name.localeCompare(b.name, "en"));
  }

  /** The file for a `vae` setting; null for the checkpoint's own VAE. Throws LexemeError `VAE_MISSING`. */
  async ref(setting: string, checkpoint: { path: string }): Promise<NonNullable<CheckpointRef["vae"]> | null> {
    if (setting === OWN_VAE) return null;
    const all = await this.list();
    const found =
      setting === AUTOMATIC_VAE ? automatic(all, checkpoint.path) : all.find(({ name }) => name === setting);
    if (found === undefined) {
      if (setting === AUTOMATIC_VAE) return null;
      throw new LexemeError(
        "VAE_MISSING",
        `There is no VAE "${setting}": choose another, or put it into "${this.#sources.folder}"`,
        { details: { field: "vae" } },
      );
    }
    return { name: found.name, path: found.path, shortHash: found.shortHash };
  }

  /** The default `vae` setting of jobs: the chosen setting, or Automatic while the chosen file is missing. */
  async chosen(): Promise<string> {
    const setting = this.#sources.settings.vae;
    const isFile = setting !== AUTOMATIC_VAE && setting !== OWN_VAE;
    return !isFile || (await this.list()).some(({ name }) => name === setting) ? setting : "Automatic";
  }

  /** Throws LexemeError `VAE_MISSING`. */
  async choose(setting: string): Promise<void> {
    // Automatic and None need no file.
    await this.ref(setting, { path: "" });
    await this.#sources.settings.chooseVae(setting);
  }

  #shortHash(file: WalkedFile): string | null {
    return this.#sources.hashes.get({ path: file.path, version: versionOfFile(file) })?.slice(0, 10) ?? null;
  }
}

/**
 * A1111 takes the first file whose name begins with the checkpoint's name, so that `model` may get `model-2.vae.pt`. Here a file named
 * exactly after the checkpoint wins over other names, and a file beside the checkpoint wins over files elsewhere.
 */
function automatic(all: readonly Vae[], checkpointPath: string): Vae | undefined {
  const stem = parse(checkpointPath).name;
  const exact = all.filter(({ name }) => [`${stem}.vae`, stem].includes(parse(name).name));
  const isBeside = ({ path }: Vae): boolean => dirname(path) === dirname(checkpointPath);
  return exact.find(isBeside) ?? exact[0] ?? all.find(({ name }) => name.startsWith(stem));
}
