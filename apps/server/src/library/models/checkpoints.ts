/** @file The checkpoint list: facts about every file and diffusers folder under models/Stable-diffusion and about the demo checkpoint, and the chosen checkpoint. */
import { stat } from "node:fs/promises";
import { basename, dirname, relative, sep } from "node:path";
import { DEMO_CHECKPOINT_PATH, DEMO_CHECKPOINT_SHA256 } from "@lexeme/demo";
import { LexemeError, type ClipDialect } from "@lexeme/core";
import { FileFacts } from "@lexeme/data-folder";
import { inspectCheckpointFile } from "@lexeme/formats/node";
import type { CheckpointRef } from "@lexeme/domain/jobs";
import type { Checkpoint } from "@lexeme/protocol";

import type { FileHashes } from "./file-hashes.ts";
import type { ListedLibrary, WatchedFolder } from "../listed-library.ts";
import { filesUnder, versionOfFile } from "./model-files.ts";
import type { SettingsFile } from "../options/settings-file.ts";

/** `<name>.vae.<ending>` is the VAE of the checkpoint beside it. */
const CHECKPOINT_FILE = /(?<!\.vae)\.(safetensors|ckpt)$/i;

type Inspected = Omit<Checkpoint, "name" | "path" | "isDemo" | "shortHash" | "sha256" | "sizeBytes" | "modifiedAt">;

interface Found {
  name: string;
  path: string;
  isDemo: boolean;
}

export interface CheckpointSources {
  folder: string;
  hashes: FileHashes;
  settings: SettingsFile;
  /** Called when the list has changed. */
  changed: () => void;
}

export class CheckpointLibrary implements ListedLibrary {
  readonly watched: readonly WatchedFolder[];
  readonly changed: () => void;
  readonly #sources: CheckpointSources;
  readonly #inspected = new FileFacts<Inspected>();

  constructor(sources: CheckpointSources) {
    this.#sources = sources;
    this.watched = [{ path: sources.folder, depth: 5 }];
    this.changed = sources.changed;
  }

  /** All checkpoints in the order of their names: first the usable checkpoints, the demo last among them, then the unusable. Unknown hashes are computed in the background. */
  async list(): Promise<Checkpoint[]> {
    const own = (await checkpointsUnder(this.#sources.folder)).map((path): Found => ({
      name: relative(this.#sources.folder, path).replaceAll("\\", "/"),
      path,
      isDemo: false,
    }));
    const demo: Found = { name: basename(DEMO_CHECKPOINT_PATH), path: DEMO_CHECKPOINT_PATH, isDemo: true };
    // A file of the user with the same name wins.
    const found = own.some(({ name }) => name === demo.name) ? own : [...own, demo];
    const checkpoints = await Promise.all(found.map((file) => this.#describe(file)));
    return checkpoints.filter((checkpoint) => checkpoint !== undefined).toSorted(byUse);
  }

  /** The checkpoint of that name, or the chosen one for null. Throws LexemeError `CHECKPOINT_MISSING` or `CHECKPOINT_UNUSABLE`. */
  async require(name: string | null, field = "checkpoint"): Promise<Checkpoint> {
    const all = await this.list();
    const wanted = name ?? chosenOf(all, this.#sources.settings.checkpoint);
    const found = all.find((checkpoint) => checkpoint.name === wanted);
    if (found === undefined) {
      const sentence =
        name === null
          ? `There is no checkpoint to use: put an SD 1.x or 2.x .safetensors or .ckpt file, or a diffusers folder, into "${this.#sources.folder}"`
          : `There is no checkpoint "${name}": choose another, or put it back into "${this.#sources.folder}"`;
      throw new LexemeError("CHECKPOINT_MISSING", sentence, { details: { field } });
    }
    if (found.unsupportedReason !== null) {
      throw new LexemeError(
        "CHECKPOINT_UNUSABLE",
        `The checkpoint "${found.name}" cannot be used: ${found.unsupportedReason}`,
        { details: { field } },
      );
    }
    return found;
  }

  /** Name of the checkpoint that is used if none is named; null if no checkpoint can be used. */
  async chosen(): Promise<string | null> {
    return chosenOf(await this.list(), this.#sources.settings.checkpoint);
  }

  /** Name of the checkpoint that the user chose if it is gone or cannot be used any more, so that `chosen` is another; otherwise null. */
  async missing(): Promise<string | null> {
    const wanted = this.#sources.settings.checkpoint;
    return wanted === (await this.chosen()) ? null : wanted;
  }

  /** The dialect whose tokenizer fits the chosen checkpoint; that of SD 1.x if no checkpoint can be used. */
  async chosenDialect(): Promise<ClipDialect> {
    const all = await this.list();
    const chosen = chosenOf(all, this.#sources.settings.checkpoint);
    return all.find(({ name }) => name === chosen)?.dialect ?? "clip";
  }

  async choose(name: string): Promise<void> {
    const checkpoint = await this.require(name, "name");
    await this.#sources.settings.chooseCheckpoint(checkpoint.name);
  }

  async ref(name: string | null): Promise<CheckpointRef> {
    const checkpoint = await this.require(name);
    return { name: checkpoint.name, path: checkpoint.path, shortHash: checkpoint.shortHash };
  }

  async #describe({ name, path, isDemo }: Found): Promise<Checkpoint | undefined> {
    const file = await versionOf(path);
    if (file === undefined) return undefined;
    const { version } = file;
    const inspected = await this.#inspected.of({ path, version }, () => inspect(path)).catch(unsupported);
    const isHashed = inspected.unsupportedReason === null && !file.isFolder;
    const sha256 = isHashed ? this.#sources.hashes.get({ path, version }) : null;
    const isIncomplete = isDemo && sha256 !== null && sha256 !== DEMO_CHECKPOINT_SHA256;
    return {
      name,
      path,
      isDemo,
      ...inspected,
      sizeBytes: file.sizeBytes,
      modifiedAt: file.modifiedAt,
      shortHash: sha256?.slice(0, 10) ?? null,
      sha256,
      ...(isIncomplete ? { unsupportedReason: "the demo's file is incomplete: clone Lexeme again" } : {}),
    };
  }
}

async function inspect(path: string): Promise<Inspected> {
  const file = await inspectCheckpointFile(path);
  const { family, dialect, refusal, precision, resolution, textWidth, networkSizes, predictionType } = file;
  return {
    family,
    dialect,
    precision,
    resolution: { ...resolution },
    textWidth: textWidth ?? null,
    networkSizes: networkSizes ?? null,
    predictionType: predictionType ?? null,
    unsupportedReason: refusal === undefined ? null : `${refusal}; Lexeme works with Stable Diffusion 1.x and 2.x`,
  };
}

/** A checkpoint that cannot be read, with the reason. Throws `error` if it is not a LexemeError. */
function unsupported(error: unknown): Inspected {
  if (!(error instanceof LexemeError)) throw error;
  return {
    family: "unknown",
    dialect: "clip",
    precision: "unknown",
    resolution: { width: 512, height: 512 },
    textWidth: null,
    networkSizes: null,
    predictionType: null,
    unsupportedReason: error.message,
  };
}

/** The checkpoint that the user chose, if it can be used; otherwise the user's first usable checkpoint, otherwise the demo. */
function chosenOf(all: readonly Checkpoint[], wanted: string | null): string | null {
  const usable = all.filter(({ unsupportedReason }) => unsupportedReason === null);
  return usable.find(({ name }) => name === wanted)?.name ?? usable[0]?.name ?? null;
}

function byUse(a: Checkpoint, b: Checkpoint): number {
  const rank = ({ unsupportedReason, isDemo }: Checkpoint): number =>
    (unsupportedReason === null ? 0 : 2) + (isDemo ? 1 : 0);
  return rank(a) - rank(b) || a.name.localeCompare(b.name, "en");
}

/** Checkpoint files and diffusers folders. Files inside a diffusers folder are part of it and not listed. */
async function checkpointsUnder(folder: string): Promise<string[]> {
  const indices = await filesUnder(folder, /^model_index\.json$/);
  const folders = indices.map(({ path }) => dirname(path)).filter((path) => path !== folder);
  const files = (await filesUnder(folder, CHECKPOINT_FILE)).map(({ path }) => path);
  return [...files.filter((path) => !folders.some((one) => path.startsWith(one + sep))), ...folders];
}

/** Size and time of change of a file, or of all files in a folder; undefined if the path does not exist. */
async function versionOf(path: string) {
  const top = await stat(path).catch(() => undefined);
  if (top === undefined || !(top.isFile() || top.isDirectory())) return undefined;
  const isFolder = top.isDirectory();
  const files = isFolder ? await filesUnder(path, /./) : [{ sizeBytes: top.size, modifiedAt: top.mtimeMs }];
  if (files.length === 0) return undefined;
  const sizeBytes = files.reduce((sum, part) => sum + part.sizeBytes, 0);
  const modifiedAt = files.reduce((last, part) => Math.max(last, part.modifiedAt), 0);
  return { isFolder, sizeBytes, modifiedAt, version: versionOfFile({ sizeBytes, modifiedAt }) };
}
