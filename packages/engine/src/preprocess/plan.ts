/** @file What a preprocessing run is going to write, known from the files' headers before anything is written. */
import { LexemeError } from "@lexeme/core";
import type { PreprocessSettings } from "@lexeme/domain/settings";
import { mkdir, readdir, realpath } from "node:fs/promises";
import { resolve } from "node:path";
import { listPictures, readCaption, type FolderPicture } from "../pictures/picture-folder.ts";
import { pictureFault } from "../pictures/picture-fault.ts";
import { readPictureSize } from "../pictures/raw-picture.ts";
import { preparedCaption } from "./captions.ts";
import { countVariants } from "./variants.ts";

export interface PlannedPicture {
  readonly source: FolderPicture;
  readonly caption: string;
  /** File names without ending, in the order of the variants. */
  readonly stems: readonly string[];
}

export interface PreprocessPlan {
  readonly pictures: readonly PlannedPicture[];
  readonly skipped: { file: string; reason: string }[];
  readonly warnings: string[];
}

/** At most this many names are listed in the conflict's sentence; `details.files` has them all. */
const NAMES_IN_MESSAGE = 3;

/**
 * Makes the destination folder and plans every file.
 * Throws LexemeError `SAME_FOLDER`, `FOLDER_MISSING`, `NO_PICTURES`, or `DESTINATION_HAS_FILES` when files are in the way and were not to be replaced.
 */
export async function planPreprocess(settings: PreprocessSettings): Promise<PreprocessPlan> {
  const pictures = await listPictures(settings.processSrc, "processSrc");
  if (pictures.length === 0) {
    throw new LexemeError("NO_PICTURES", `There are no pictures in "${settings.processSrc}"`, {
      details: { field: "processSrc" },
    });
  }
  await makeDestination(settings);
  const plan: PreprocessPlan = { pictures: [], skipped: [], warnings: [] };
  const planned: PlannedPicture[] = [];
  for (const source of pictures) {
    try {
      const caption = await captionFor(source, settings, plan.warnings);
      const count = countVariants(await readPictureSize(source.path), settings);
      planned.push({ source, caption, stems: Array.from({ length: count }, (_, sub) => outputStem(source, sub)) });
    } catch (cause) {
      plan.skipped.push({ file: source.file, reason: pictureFault(cause) });
    }
  }
  if (!settings.overwriteDestination) await refuseConflicts(settings.processDst, planned);
  return { ...plan, pictures: planned };
}

/** A1111's names: `00003-0-IMG_1234`. */
function outputStem(source: FolderPicture, sub: number): string {
  return `${String(source.index).padStart(5, "0")}-${sub}-${source.stem}`;
}

async function captionFor(source: FolderPicture, settings: PreprocessSettings, warnings: string[]): Promise<string> {
  const { stem, file } = source;
  let existing: string | undefined;
  try {
    if (settings.preprocessTxtAction !== "ignore") existing = await readCaption(settings.processSrc, stem);
  } catch (cause) {
    if (!(cause instanceof LexemeError)) throw cause;
    warnings.push(cause.message);
  }
  return preparedCaption(settings, { existing, generated: "", file });
}

async function makeDestination({ processSrc, processDst }: PreprocessSettings): Promise<void> {
  if (resolve(processSrc) === resolve(processDst)) throw sameFolder();
  try {
    await mkdir(processDst, { recursive: true });
  } catch (cause) {
    throw new LexemeError(
      "FOLDER_NOT_WRITABLE",
      `Cannot make the folder "${processDst}": ${(cause as Error).message}`,
      { details: { field: "processDst" }, cause },
    );
  }
  // A symbolic link to the source is the source.
  if ((await realpath(processSrc)) === (await realpath(processDst))) throw sameFolder();
}

function sameFolder(): LexemeError {
  return new LexemeError("SAME_FOLDER", "Source and destination are the same folder: choose another destination", {
    details: { field: "processDst" },
  });
}

async function refuseConflicts(folder: string, planned: readonly PlannedPicture[]): Promise<void> {
  const present = new Set(await readdir(folder));
  const names = planned.flatMap(({ stems, caption }) =>
    stems.flatMap((stem) => (caption === "" ? [`${stem}.png`] : [`${stem}.png`, `${stem}.txt`])),
  );
  const files = names.filter((name) => present.has(name));
  if (files.length === 0) return;
  const listed = files.slice(0, NAMES_IN_MESSAGE).join(", ");
  const more = files.length > NAMES_IN_MESSAGE ? ` and ${files.length - NAMES_IN_MESSAGE} more` : "";
  throw new LexemeError(
    "DESTINATION_HAS_FILES",
    `"${folder}" already holds ${listed}${more}: choose another destination or tick "Overwrite files in the destination"`,
    { details: { field: "processDst", files } },
  );
}
