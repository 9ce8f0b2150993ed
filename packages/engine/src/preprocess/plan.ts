/** @file Plans the files of a preprocessing run from the pictures' headers, before anything is written. */
import { LexemeError, withField } from "@lexeme/core";
import {
  DatasetFolder,
  makeFolder,
  pictureFault,
  pictureSize,
  readCaption,
  type FolderPicture,
} from "@lexeme/data-folder";
import type { PreprocessSettings } from "@lexeme/domain/settings";
import { readdir } from "node:fs/promises";
import { basename } from "node:path";
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
 * Throws LexemeError `DESTINATION_IS_SOURCE`, `FOLDER_MISSING`, `NO_PICTURES`, or `DESTINATION_HAS_FILES` if files exist that must not be replaced.
 */
export async function planPreprocess(settings: PreprocessSettings): Promise<PreprocessPlan> {
  const source = new DatasetFolder(settings.processSrc);
  const pictures = await withField("processSrc", () => source.requirePictures());
  await withField("processDst", async () => {
    await source.requireOther(settings.processDst);
    await makeFolder(settings.processDst);
  });
  const plan: PreprocessPlan = { pictures: [], skipped: [], warnings: [] };
  const planned: PlannedPicture[] = [];
  for (const picture of pictures) {
    try {
      const caption = await captionFor(picture, settings, plan.warnings);
      const count = countVariants(await pictureSize(picture.path), settings);
      planned.push({
        source: picture,
        caption,
        stems: Array.from({ length: count }, (_, sub) => outputStem(picture, sub)),
      });
    } catch (cause) {
      plan.skipped.push({ file: picture.file, reason: pictureFault(cause, picture.file) });
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
  const { file } = source;
  let existing: string | undefined;
  try {
    if (settings.preprocessTxtAction !== "ignore") existing = await readCaption(source);
  } catch (cause) {
    if (!(cause instanceof LexemeError)) throw cause;
    warnings.push(cause.message);
  }
  return preparedCaption(settings, { existing, generated: "", file });
}

async function refuseConflicts(folder: string, planned: readonly PlannedPicture[]): Promise<void> {
  const present = new Set(await readdir(folder));
  const captionPath = await new DatasetFolder(folder).captionPaths();
  const names = planned.flatMap(({ stems, caption }) =>
    stems.flatMap((stem) => [`${stem}.png`, ...(caption === "" ? [] : [basename(captionPath(stem))])]),
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
