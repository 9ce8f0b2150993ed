/** @file Preprocess: makes a folder of training pictures with captions from a folder of pictures. */
import { LexemeError, withField } from "@lexeme/core";
import type { PreprocessSettings } from "@lexeme/domain/settings";
import type { Artifact, JobResults } from "@lexeme/domain/jobs";
import {
  Bin,
  DatasetFolder,
  encodeText,
  keepsCaption,
  makeFolder,
  pictureFault,
  pictureSize,
  planPreprocess,
  readCaptionFile,
  removeLeftovers,
  requireRoom,
  writeCaption,
  writeWholeFile,
  type PlannedPicture,
  type PlannedVariant,
  type PreprocessPlan,
} from "@lexeme/data-folder";
import { performance } from "node:perf_hooks";
import { join } from "node:path";
import { checkpointForCancel } from "../job-ports.ts";
import type { JobParts } from "../job-run.ts";
import { encodePng, readPicture, type RawPicture } from "../pictures/raw-picture.ts";
import { makeVariants } from "./variants.ts";

type Parts = Pick<JobParts<"preprocess">, "reporter" | "control" | "context">;

/** A run under way. */
interface Run {
  readonly settings: PreprocessSettings;
  readonly plan: PreprocessPlan;
  readonly skipped: { file: string; reason: string }[];
  keptCaptions: number;
}

/**
 * Prepares every picture of the source folder. A broken picture is reported, left out and counted. Nothing is written before the whole
 * plan is checked for existing files. Files that an unfinished run of the same work has written are kept and counted, so that a run that was
 * ended at any moment goes on; all other files that it replaces are kept in the bin. Throws LexemeError `DESTINATION_IS_SOURCE`, `DESTINATION_HAS_FILES`, and the errors of `planPreprocess`.
 */
export async function preprocess(settings: PreprocessSettings, parts: Parts): Promise<JobResults> {
  const { reporter, control, context } = parts;
  const plan = await beginPlan(settings, parts);
  const replaced = await replacedFiles(plan, settings);
  if (replaced.length > 0) await new Bin(context.bin).keep(replaced, { why: "replaced", by: "Preprocess" });
  const run: Run = { settings, plan, skipped: [...plan.skipped], keptCaptions: 0 };
  const artifacts: Artifact[] = [];
  const steps = plan.pictures.length;
  const start = performance.now();
  for (const [index, planned] of plan.pictures.entries()) {
    await checkpointForCancel(control);
    if (control.stopping.aborted) break;
    const secondsPerStep = index === 0 ? null : (performance.now() - start) / 1000 / index;
    const etaSeconds = secondsPerStep === null ? null : secondsPerStep * (steps - index);
    const { file } = planned.source;
    reporter.progress({ phase: "preprocessing", step: index, steps, secondsPerStep, etaSeconds, file });
    for await (const artifact of preparePicture(planned, run)) {
      artifacts.push(artifact);
      reporter.artifact(artifact);
    }
  }
  const isStopped = control.stopping.aborted;
  if (!isStopped) await plan.record.finish();
  const { skipped, keptCaptions } = run;
  for (const { file, reason } of skipped) reporter.log(`Left out ${file}: ${reason}`);
  reporter.progress({ phase: "done", step: steps, steps, secondsPerStep: null, etaSeconds: 0 });
  return {
    artifacts,
    warnings: [...plan.warnings, ...skipped.map(({ file, reason }) => `Left out ${file}: ${reason}`)],
    written: artifacts.length,
    skipped,
    folder: settings.processDst,
    summary: summarize({ written: artifacts.length, skipped: skipped.length, keptCaptions, isStopped }),
  };
}

async function beginPlan(settings: PreprocessSettings, { reporter, context }: Parts): Promise<PreprocessPlan> {
  const plan = await planPreprocess(settings, {
    records: context.recordsDir,
    leftOut: context.leftOut,
    onRead: (file) =>
      reporter.progress({ phase: "preprocessing", step: 0, steps: 0, secondsPerStep: null, etaSeconds: null, file }),
  });
  await withField("processDst", async () => {
    await new DatasetFolder(settings.processSrc).requireOther(settings.processDst);
    requireRoom(plan, settings);
    await makeFolder(settings.processDst);
    await plan.record.begin();
    // Older files of that kind are a killed run's: no other process writes for longer than a moment.
    if (plan.record.isBegun) await removeLeftovers(settings.processDst, performance.timeOrigin);
  });
  return plan;
}

/** Paths of the files whose place the run takes, without captions that already have the planned text. */
async function replacedFiles(plan: PreprocessPlan, settings: PreprocessSettings): Promise<string[]> {
  const paths: string[] = [];
  for (const { caption, variants } of plan.pictures) {
    for (const variant of variants) {
      if (variant.picture === "other") paths.push(join(settings.processDst, variant.file));
      if (variant.captionThere !== "other" || caption === "" || keepsCaption(variant, settings)) continue;
      const path = join(settings.processDst, variant.captionFile);
      if ((await readCaptionFile(path).catch(() => undefined)) !== caption) paths.push(path);
    }
  }
  return paths;
}

/** Writes the pictures that are made from one picture, each after its caption, so that every picture in the folder has its caption. */
async function* preparePicture(planned: PlannedPicture, run: Run): AsyncGenerator<Artifact> {
  const { settings, plan, skipped } = run;
  const isDone = planned.variants.every(({ picture }) => picture === "own");
  const made = isDone
    ? []
    : await makePictures(planned, settings).catch((cause: unknown) => {
        skipped.push({ file: planned.source.file, reason: pictureFault(cause, planned.source.file) });
        return undefined;
      });
  if (made === undefined) return;
  for (const [sub, variant] of planned.variants.entries()) {
    const path = join(settings.processDst, variant.file);
    await writePlannedCaption({ planned, variant }, run);
    if (variant.picture === "own") {
      yield { kind: "image", path, ...(await pictureSize(path)) };
      continue;
    }
    const { width, height } = made[sub]!;
    const content = await encodePng(made[sub]!);
    const write = () => writeWholeFile(path, content, { replace: settings.overwriteDestination });
    const fault = await oddity(plan.record.noting({ file: variant.file, content }, write));
    if (fault === undefined) yield { kind: "image", path, width, height };
    else skipped.push({ file: variant.file, reason: fault });
  }
}

async function makePictures(planned: PlannedPicture, settings: PreprocessSettings): Promise<RawPicture[]> {
  const made = await makeVariants(await readPicture(planned.source.path), settings);
  if (made.length !== planned.variants.length) {
    const reason = "it has changed since the preprocessing began";
    throw new LexemeError("NOT_A_PICTURE", reason, { details: { reason } });
  }
  return made;
}

/** A caption that cannot be replaced is named, and its picture is written all the same. */
async function writePlannedCaption(
  { planned: { caption }, variant }: { planned: PlannedPicture; variant: PlannedVariant },
  run: Run,
): Promise<void> {
  const { settings, plan, skipped } = run;
  if (variant.captionThere === "other" && keepsCaption(variant, settings)) run.keptCaptions++;
  if (caption === "" || keepsCaption(variant, settings)) return;
  const { captionFile: file } = variant;
  const replace = settings.overwriteDestination && settings.overwriteCaptions;
  const write = () => writeCaption(join(settings.processDst, file), caption, { replace });
  const fault = await oddity(plan.record.noting({ file, content: encodeText(caption) }, write));
  if (fault !== undefined) skipped.push({ file, reason: fault });
}

/** The reason if something odd has the name of the written file, such as a folder; undefined after a write. Throws every other failure. */
async function oddity(writing: Promise<void>): Promise<string | undefined> {
  try {
    await writing;
    return undefined;
  } catch (cause) {
    const isOdd =
      cause instanceof LexemeError && ["CAPTION_UNREADABLE", "FILE_EXISTS", "FILE_UNWRITABLE"].includes(cause.code);
    if (isOdd) return cause.message;
    throw cause;
  }
}

function summarize(counts: { written: number; skipped: number; keptCaptions: number; isStopped: boolean }): string {
  const { written, skipped, keptCaptions, isStopped } = counts;
  const left = skipped === 0 ? "" : `; ${skipped} ${skipped === 1 ? "file was" : "files were"} left out`;
  const kept =
    keptCaptions === 0 ? "" : `; ${keptCaptions} ${keptCaptions === 1 ? "caption was" : "captions were"} kept`;
  return `${isStopped ? "Stopped: " : ""}${written} ${written === 1 ? "picture" : "pictures"} written${left}${kept}`;
}
