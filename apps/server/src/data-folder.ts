/** @file The data folder, laid out like A1111's, with a folder `.lexeme/` for the files that only Lexeme uses. Making the folders moves and rewrites no existing file. */
import { LexemeError } from "@lexeme/core";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";

export interface DataFolders {
  dataDir: string;
  checkpoints: string;
  vaes: string;
  /** Upscalers of the ESRGAN type. */
  esrgan: string;
  realEsrgan: string;
  blip: string;
  embeddings: string;
  templates: string;
  /** Training runs; A1111's folder `textual_inversion`. */
  runs: string;
  /** Pictures of txt2img, a folder for each day. */
  outputs: string;
  /** Grids of several pictures. */
  grids: string;
  datasets: string;
  uploads: string;
  database: string;
  lock: string;
  cache: string;
  /** Pictures that are sent to a program and not kept, in a folder for each job. */
  sent: string;
  /** Records of preprocessings that are not finished. */
  preprocessRecords: string;
  logs: string;
  bin: string;
  settings: string;
  /** The permission to read any folder, if it was given. */
  folderAccess: string;
  /** Notes the renaming of an embedding until it is done. */
  renaming: string;
  /** Holds the files that only Lexeme uses, and that no page may read or write. */
  ours: string;
  /** A1111's own settings, if A1111 uses the same folder; never written. */
  a1111Settings: string;
  /** `styles.csv`, which A1111 and Lexeme share. */
  styles: string;
}

export function dataFolders(dataDir: string): DataFolders {
  const ours = join(dataDir, ".lexeme");
  return {
    dataDir,
    checkpoints: join(dataDir, "models", "Stable-diffusion"),
    vaes: join(dataDir, "models", "VAE"),
    esrgan: join(dataDir, "models", "ESRGAN"),
    realEsrgan: join(dataDir, "models", "RealESRGAN"),
    blip: join(dataDir, "models", "BLIP"),
    embeddings: join(dataDir, "embeddings"),
    templates: join(dataDir, "textual_inversion_templates"),
    runs: join(dataDir, "textual_inversion"),
    outputs: join(dataDir, "outputs", "txt2img-images"),
    grids: join(dataDir, "outputs", "txt2img-grids"),
    datasets: join(dataDir, "datasets"),
    uploads: join(dataDir, "datasets", "uploads"),
    database: join(ours, "db"),
    lock: join(ours, "lock"),
    cache: join(ours, "cache"),
    sent: join(ours, "cache", "sdapi"),
    preprocessRecords: join(ours, "preprocess"),
    logs: join(ours, "logs"),
    bin: join(ours, "bin"),
    settings: join(ours, "settings.json"),
    folderAccess: join(ours, "folder-access.json"),
    renaming: join(ours, "renaming.json"),
    ours,
    a1111Settings: join(dataDir, "config.json"),
    styles: join(dataDir, "styles.csv"),
  };
}

/** Makes the missing folders; a folder that cannot be made or written to is a trouble that the server names (`FolderHealth`). Throws LexemeError `FOLDER_NOT_WRITABLE` if there is no data folder. */
export async function prepareDataFolders(folders: DataFolders): Promise<void> {
  const { dataDir, lock: _lock, settings: _ours, a1111Settings: _theirs, uploads: _uploads, ...more } = folders;
  const { database: _database, styles: _styles, folderAccess: _access, renaming: _renaming, ...rest } = more;
  try {
    await mkdir(dataDir, { recursive: true });
  } catch (cause) {
    throw new LexemeError(
      "FOLDER_NOT_WRITABLE",
      `Cannot write to the data folder "${dataDir}" (${(cause as NodeJS.ErrnoException).code ?? "unknown reason"}): give the user who runs Lexeme write access, or choose another folder with --data-dir`,
      { cause },
    );
  }
  for (const folder of Object.values(rest)) await mkdir(folder, { recursive: true }).catch(() => undefined);
}
