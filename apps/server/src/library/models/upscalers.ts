/** @file The upscalers of hires fix, in A1111's order: upscalers of latents, upscalers of pixels, and the models under models/ESRGAN and models/RealESRGAN. */
import { parse } from "node:path";
import { LexemeError } from "@lexeme/core";
import { FileFacts, type WalkedFile } from "@lexeme/data-folder";
import { inspectUpscalerFile } from "@lexeme/formats/node";
import { LATENT_UPSCALERS, PIXEL_UPSCALERS } from "@lexeme/domain/settings";
import type { UpscalerRef } from "@lexeme/domain/jobs";
import type { ListedUpscaler } from "@lexeme/protocol";

import type { ListedLibrary, WatchedFolder } from "../listed-library.ts";
import { filesUnder, versionOfFile } from "./model-files.ts";

const MODEL_FILE = /\.(pth|pt|safetensors)$/i;

/** Names under which A1111 offers Real-ESRGAN's own files. A1111's infotexts use them too. */
const REAL_ESRGAN_NAMES: ReadonlyMap<string, string> = new Map([
  ["RealESRGAN_x4plus", "R-ESRGAN 4x+"],
  ["RealESRGAN_x4plus_anime_6B", "R-ESRGAN 4x+ Anime6B"],
  ["RealESRGAN_x2plus", "R-ESRGAN 2x+"],
  ["realesr-animevideov3", "R-ESRGAN AnimeVideo"],
  ["realesr-general-x4v3", "R-ESRGAN General 4xV3"],
  ["realesr-general-wdn-x4v3", "R-ESRGAN General WDN 4xV3"],
]);

const BUILT_IN = { path: null, scale: null, unusableReason: null } as const;

export class UpscalerLibrary implements ListedLibrary {
  readonly watched: readonly WatchedFolder[];
  /** Tells pages that the list has changed. */
  readonly changed: () => void;
  readonly #folders: readonly string[];
  readonly #scales = new FileFacts<number>();

  constructor(folders: { esrgan: string; realEsrgan: string }, changed: () => void) {
    this.#folders = [folders.esrgan, folders.realEsrgan];
    this.watched = this.#folders.map((path) => ({ path, depth: 5 }));
    this.changed = changed;
  }

  /** Upscalers of latents, upscalers of pixels, then models by name. If two models have one name, the model of the first folder counts. */
  async list(): Promise<ListedUpscaler[]> {
    const files = (await Promise.all(this.#folders.map((folder) => filesUnder(folder, MODEL_FILE)))).flat();
    this.#scales.keepOnly(files.map(({ path }) => path));
    const models = await Promise.all(files.map((file) => this.#describe(file)));
    const byName = new Map(models.toReversed().map((model) => [model.name, model]));
    return [
      ...LATENT_UPSCALERS.map((name) => ({ name, kind: "latent", ...BUILT_IN }) as const),
      ...PIXEL_UPSCALERS.map((name) => ({ name, kind: "pixel", ...BUILT_IN }) as const),
      ...[...byName.values()].toSorted((a, b) => a.name.localeCompare(b.name, "en")),
    ];
  }

  /** Throws LexemeError `UPSCALER_MISSING` or `UPSCALER_UNUSABLE`. */
  async require(name: string): Promise<ListedUpscaler> {
    const details = { field: "hrUpscaler" };
    const found = (await this.list()).find((upscaler) => upscaler.name === name);
    if (found === undefined) {
      const sentence = `There is no upscaler "${name}" here: choose another, or put its file into "${this.#folders[0]}"`;
      throw new LexemeError("UPSCALER_MISSING", sentence, { details });
    }
    if (found.unusableReason !== null) throw new LexemeError("UPSCALER_UNUSABLE", found.unusableReason, { details });
    return found;
  }

  /** The file of a model; null for an upscaler that needs no file. Throws the errors of `require`. */
  async ref(name: string): Promise<UpscalerRef | null> {
    const { path } = await this.require(name);
    return path === null ? null : { name, path };
  }

  async #describe(file: WalkedFile): Promise<ListedUpscaler> {
    const { path } = file;
    const { name } = parse(path);
    const listed = { name: REAL_ESRGAN_NAMES.get(name) ?? name, kind: "model", path } as const;
    try {
      const scale = await this.#scales.of({ path, version: versionOfFile(file) }, () => scaleOf(path));
      return { ...listed, scale, unusableReason: null };
    } catch (error) {
      if (error instanceof LexemeError) return { ...listed, scale: null, unusableReason: error.message };
      throw error;
    }
  }
}

async function scaleOf(path: string): Promise<number> {
  return (await inspectUpscalerFile(path)).scale;
}
