/** @file Opens the libraries of the data folder, connects them with the lists of pages, and publishes their changes. */
import { LexemeError } from "@lexeme/core";
import type { LibraryName } from "@lexeme/domain/libraries";
import { SHIPPED_TEMPLATES } from "@lexeme/domain/templates";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { ServerConfig } from "../config.ts";
import type { DataFolders } from "../data-folder.ts";
import { removeLeftovers } from "../leftovers.ts";
import type { EventLog } from "../events/event-log.ts";
import { PortablePaths } from "../portable-paths.ts";
import { BinLibrary } from "./bin-library.ts";
import { CheckpointLibrary } from "./models/checkpoints.ts";
import { DatasetLibrary } from "./datasets/datasets.ts";
import { importsFolder } from "./embeddings/embedding-import.ts";
import { finishRenaming } from "./embeddings/embedding-renaming.ts";
import { EmbeddingLibrary } from "./embeddings/embeddings.ts";
import { FolderAccess } from "./folder-access.ts";
import { FileHashes } from "./models/file-hashes.ts";
import { FolderWatch } from "./folder-watch.ts";
import { Gallery } from "./pictures/gallery.ts";
import type { ListedLibrary } from "./listed-library.ts";
import { OptionLibrary } from "./options/options.ts";
import { Roots, rootsOf } from "./roots.ts";
import { RunLibrary } from "./embeddings/run-library.ts";
import { SettingsFile } from "./options/settings-file.ts";
import { StyleLibrary } from "./prompts/styles.ts";
import { TemplateLibrary } from "./prompts/templates.ts";
import { Thumbnails } from "./pictures/thumbnails.ts";
import { UpscalerLibrary } from "./models/upscalers.ts";
import { VaeLibrary } from "./models/vaes.ts";

export interface LibraryParts {
  readonly config: ServerConfig;
  readonly folders: DataFolders;
  readonly events: Pick<EventLog, "publish">;
  /** Tells the operator about files that could not be read. */
  readonly warn: (message: string, cause?: unknown) => void;
}

export type Libraries = Awaited<ReturnType<typeof openLibraries>>["libraries"];

/** Opens all libraries and starts to watch their folders; `close` ends the watching. */
export async function openLibraries({ config, folders, events, warn }: LibraryParts) {
  const tell = (changed: LibraryName) => () => events.publish({ type: "library", changed });
  // The chosen checkpoint or VAE may have been added or removed.
  const tellOfModels = (changed: "checkpoints" | "vaes") => () => {
    events.publish({ type: "system" });
    tell(changed)();
  };
  const hashes = await FileHashes.open({
    cachePath: join(folders.cache, "hashes.json"),
    paths: new PortablePaths(folders.dataDir),
    onHash: () => {
      tell("checkpoints")();
      tell("vaes")();
    },
  });
  const settings = await SettingsFile.open(folders.settings, folders.a1111Settings, () => {
    events.publish({ type: "system" });
    // Which embeddings fit depends on the checkpoint.
    tell("embeddings")();
  });
  if (settings.fault !== null) warn(settings.fault);

  const folderAccess = await FolderAccess.open(folders.folderAccess, {
    config,
    changed() {
      events.publish({ type: "system" });
      tell("datasets")();
    },
  });
  const roots = new Roots(rootsOf(folders, config.allowDirs), { closed: folders.ours, access: folderAccess });
  const bin = new BinLibrary({ folders, roots, changed: tell("bin") });
  const runs = new RunLibrary(folders.runs, tell("runs"));
  const checkpoints = new CheckpointLibrary({
    folder: folders.checkpoints,
    hashes,
    settings,
    changed: tellOfModels("checkpoints"),
  });
  const vaes = new VaeLibrary({
    folder: folders.vaes,
    checkpoints: folders.checkpoints,
    hashes,
    settings,
    changed: tellOfModels("vaes"),
  });
  const upscalers = new UpscalerLibrary(folders, tell("upscalers"));
  const embeddings = new EmbeddingLibrary({
    folder: folders.embeddings,
    renaming: folders.renaming,
    checkpoints,
    runs,
    bin,
    changed: tell("embeddings"),
  });
  const datasets = new DatasetLibrary({
    folder: folders.datasets,
    uploads: folders.uploads,
    records: folders.preprocessRecords,
    roots,
    settings,
    changed: tell("datasets"),
  });
  const templates = new TemplateLibrary(folders.templates, tell("templates"));
  const styles = new StyleLibrary(folders.styles, tell("styles"));
  const gallery = new Gallery(folders, roots, tell("images"));
  /** The library behind each list that pages show. */
  const lists = {
    checkpoints,
    vaes,
    upscalers,
    embeddings,
    runs,
    images: gallery,
    datasets,
    templates,
    styles,
    bin,
  } satisfies Record<LibraryName, ListedLibrary>;

  await rm(importsFolder(folders.cache), { recursive: true, force: true }).catch((error: unknown) =>
    warn("unfinished imports could not be removed", error),
  );
  await finishRenaming({ note: folders.renaming, runs }).catch((error: unknown) =>
    warn("the renaming of an embedding could not be finished", error),
  );
  // Lexeme works without its templates, and `FolderHealth` says why they could not be written.
  await templates.writeMissing(SHIPPED_TEMPLATES).catch((error: unknown) => {
    if (!(error instanceof LexemeError)) throw error;
    warn("the shipped prompt templates could not be written", error);
  });
  removeLeftovers(folders).catch((error: unknown) => warn("leftovers of killed writes could not be removed", error));
  const watch = new FolderWatch(Object.values(lists), warn);
  return {
    libraries: {
      roots,
      folderAccess,
      settings,
      options: new OptionLibrary({ settings, checkpoints, vaes }),
      checkpoints,
      vaes,
      upscalers,
      styles,
      embeddings,
      runs,
      datasets,
      templates,
      gallery,
      thumbnails: new Thumbnails(folders.cache),
      bin,
      lists,
    },
    async close(): Promise<void> {
      await watch.close();
      await hashes.close();
    },
  };
}
