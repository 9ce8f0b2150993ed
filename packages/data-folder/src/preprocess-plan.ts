/** @file Plans the files of a preprocessing from the pictures' headers. The server shows and checks the plan, and the engine carries it out. */
import { LexemeError, ifAbsent, withField } from "@lexeme/core";
import { countVariants, splitFault, type PreprocessSettings } from "@lexeme/domain/settings";
import { createHash } from "node:crypto";
import { readdir, stat } from "node:fs/promises";
import { basename } from "node:path";
import { DatasetFolder, readCaption, type FolderPicture } from "./dataset-folder.ts";
import { pictureFault, pictureSize } from "./picture-file.ts";
import { preparedCaption } from "./prepared-caption.ts";
import { PreprocessRecord } from "./preprocess-record.ts";

/** A picture that will be written, with its caption. */
export interface PlannedVariant {
  /** The picture's file name in the destination. */
  readonly file: string;
  /** The caption's file name in the destination: an existing caption's in any case of its ending, or a new one. */
  readonly captionFile: string;
  /** Whether a file of that name stands in the destination, and whether an unfinished run of the same work has written it. */
  readonly picture: "missing" | "own" | "other";
  readonly captionThere: "missing" | "own" | "other";
}

export interface PlannedPicture {
  readonly source: FolderPicture;
  /** Empty if no caption is written. */
  readonly caption: string;
  /** In the order of `makeVariants`. */
  readonly variants: readonly PlannedVariant[];
}

export interface PreprocessPlan {
  readonly pictures: readonly PlannedPicture[];
  /** Source pictures that cannot be read, with the reason. */
  readonly skipped: readonly { file: string; reason: string }[];
  readonly warnings: readonly string[];
  /** Files of the destination that are not the run's own and whose place the run would take. */
  readonly inTheWay: readonly string[];
  readonly record: PreprocessRecord;
}

export interface PlanSources {
  /** Lexeme's folder for the records of unfinished runs. */
  readonly records: string;
  /** Replaced where sizes are known already. */
  readonly sizeOf?: (path: string) => Promise<{ width: number; height: number }>;
  /** Pictures of the source that may not be read, by file name, with the reason. */
  readonly leftOut?: Readonly<Record<string, string>>;
  /** Called with the name of each picture before it is read. */
  readonly onRead?: (file: string) => void;
}

/** A source picture and what is made of it. */
interface Output {
  readonly source: FolderPicture;
  readonly caption: string;
  readonly stems: readonly string[];
  /** Size and time of change of the source's file. */
  readonly version: readonly number[];
}

/** At most this many names are listed in the conflict's sentence; `details.files` has them all. */
const NAMES_IN_MESSAGE = 3;

/** Plans every file and writes nothing. Throws LexemeError `FOLDER_MISSING`, `NO_PICTURES` or `FILE_UNREADABLE` with `details.field`. */
export async function planPreprocess(settings: PreprocessSettings, sources: PlanSources): Promise<PreprocessPlan> {
  const { sizeOf = pictureSize, records, leftOut = {}, onRead } = sources;
  const skipped: { file: string; reason: string }[] = [];
  const warnings: string[] = [];
  const outputs: Output[] = [];
  const sourceFolder = new DatasetFolder(settings.processSrc);
  for (const source of await withField("processSrc", () => sourceFolder.requirePictures())) {
    const barred = Object.hasOwn(leftOut, source.file) ? leftOut[source.file] : undefined;
    if (barred !== undefined) {
      skipped.push({ file: source.file, reason: barred });
      continue;
    }
    onRead?.(source.file);
    try {
      const size = await sizeOf(source.path);
      const reason = splitFault(size, settings);
      if (reason !== undefined) throw new LexemeError("NOT_A_PICTURE", reason, { details: { reason } });
      const caption = await captionFor(source, settings, warnings);
      const stems = Array.from({ length: countVariants(size, settings) }, (_, sub) => outputStem(source, sub));
      const { size: bytes, mtimeMs } = await stat(source.path);
      outputs.push({ source, caption, stems, version: [bytes, mtimeMs] });
    } catch (cause) {
      skipped.push({ file: source.file, reason: pictureFault(cause, source.file) });
    }
  }
  const digest = digestOf(settings, outputs);
  const record = await PreprocessRecord.read(records, { destination: settings.processDst, digest });
  const entries = await withField("processDst", () =>
    ifAbsent(readdir(settings.processDst, { withFileTypes: true }), []),
  );
  // A folder with the name of a result is not replaced; the run names it when it cannot write that file.
  const present = new Set(entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name));
  const captionName = await new DatasetFolder(settings.processDst).captionPaths();
  const standing = async (file: string): Promise<PlannedVariant["picture"]> => {
    if (!present.has(file)) return "missing";
    return (await record.has(file)) ? "own" : "other";
  };
  const pictures: PlannedPicture[] = [];
  for (const { source, caption, stems } of outputs) {
    const variants: PlannedVariant[] = [];
    for (const stem of stems) {
      const [file, captionFile] = [`${stem}.png`, basename(captionName(stem))];
      variants.push({
        file,
        captionFile,
        picture: await standing(file),
        captionThere: await standing(captionFile),
      });
    }
    pictures.push({ source, caption, variants });
  }
  const all = pictures.flatMap(({ caption, variants }) => variants.map((variant) => ({ caption, ...variant })));
  const inTheWay = all.flatMap(({ file, picture, caption, captionFile, captionThere }) => [
    ...(picture === "other" ? [file] : []),
    ...(captionThere === "other" && caption !== "" ? [captionFile] : []),
  ]);
  return { pictures, skipped, warnings, inTheWay, record };
}

/** Throws LexemeError `DESTINATION_HAS_FILES` with `details.field` if the run would take the place of files that must not be replaced. */
export function requireRoom({ inTheWay }: Pick<PreprocessPlan, "inTheWay">, settings: PreprocessSettings): void {
  if (settings.overwriteDestination || inTheWay.length === 0) return;
  const listed = inTheWay.slice(0, NAMES_IN_MESSAGE).join(", ");
  const more = inTheWay.length > NAMES_IN_MESSAGE ? ` and ${inTheWay.length - NAMES_IN_MESSAGE} more` : "";
  throw new LexemeError(
    "DESTINATION_HAS_FILES",
    `"${settings.processDst}" already holds ${listed}${more}: choose another destination or tick "Overwrite pictures in the destination"`,
    { details: { field: "processDst", files: inTheWay } },
  );
}

/** True if the caption that stands beside a planned picture stays as it is. */
export function keepsCaption({ captionThere }: PlannedVariant, settings: PreprocessSettings): boolean {
  return captionThere === "own" || (captionThere === "other" && !settings.overwriteCaptions);
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

/** A text for the settings and the state of the source. What may be overwritten does not count: an unfinished run is gone on with either way. */
function digestOf(settings: PreprocessSettings, outputs: readonly Output[]): string {
  const { overwriteDestination: _pictures, overwriteCaptions: _captions, ...work } = settings;
  const hash = createHash("sha256").update(JSON.stringify(work));
  for (const { source, caption, stems, version } of outputs)
    hash.update(JSON.stringify([source.file, ...version, caption, stems]));
  return hash.digest("hex");
}
