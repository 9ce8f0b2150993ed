/** @file Preprocess: makes a folder of training pictures with captions from a folder of pictures. */
import { LexemeError } from "@lexeme/core";
import type { PreprocessSettings } from "@lexeme/domain/settings";
import type { JobResults } from "@lexeme/domain/jobs";
import { DatasetFolder, pictureFault, writeCaption, writeWholeFile } from "@lexeme/data-folder";
import { performance } from "node:perf_hooks";
import { join } from "node:path";
import { checkpointForCancel, type JobPorts } from "../job-ports.ts";
import { encodePng, readPicture, type RawPicture } from "../pictures/raw-picture.ts";
import { planPreprocess, type PlannedPicture } from "./plan.ts";
import { makeVariants } from "./variants.ts";

/**
 * Prepares every picture of the source folder. A broken picture is reported, left out and counted. Nothing is written before the whole
 * plan is checked for existing files. Throws the errors of `planPreprocess`.
 */
export async function preprocess(settings: PreprocessSettings, { reporter, control }: JobPorts): Promise<JobResults> {
  const plan = await planPreprocess(settings);
  const skipped = [...plan.skipped];
  const artifacts: JobResults["artifacts"] = [];
  const overwrite = settings.overwriteDestination;
  const captionPath = await new DatasetFolder(settings.processDst).captionPaths();
  const steps = plan.pictures.length;
  const start = performance.now();
  for (const [index, planned] of plan.pictures.entries()) {
    await checkpointForCancel(control);
    if (control.stopping.aborted) break;
    const secondsPerStep = index === 0 ? null : (performance.now() - start) / 1000 / index;
    const etaSeconds = secondsPerStep === null ? null : secondsPerStep * (steps - index);
    reporter.progress({ phase: "preprocessing", step: index, steps, secondsPerStep, etaSeconds });

    const variants = await variantsOf(planned, settings).catch((cause: unknown) => {
      skipped.push({ file: planned.source.file, reason: pictureFault(cause, planned.source.file) });
      return [];
    });
    for (const [sub, variant] of variants.entries()) {
      const stem = planned.stems[sub]!;
      const path = join(settings.processDst, `${stem}.png`);
      // The caption is written first, so that every picture in the folder has its caption.
      const { caption, source } = planned;
      if (caption !== "") {
        const fault = await captionFault(writeCaption(captionPath(stem), caption, { replace: overwrite }));
        if (fault !== undefined) {
          skipped.push({ file: source.file, reason: fault });
          continue;
        }
      }
      await writeWholeFile(path, await encodePng(variant), { replace: overwrite });
      const artifact = { kind: "image", path, width: variant.width, height: variant.height } as const;
      artifacts.push(artifact);
      reporter.artifact(artifact);
    }
  }
  for (const { file, reason } of skipped) reporter.log(`Left out ${file}: ${reason}`);
  reporter.progress({ phase: "done", step: steps, steps, secondsPerStep: null, etaSeconds: 0 });
  return {
    artifacts,
    warnings: [...plan.warnings, ...skipped.map(({ file, reason }) => `Left out ${file}: ${reason}`)],
    written: artifacts.length,
    skipped,
    folder: settings.processDst,
    summary: summarize({ written: artifacts.length, skipped: skipped.length, stopped: control.stopping.aborted }),
  };
}

/** Why the old caption is kept: Lexeme cannot read it, and it may be somebody's work. Throws every other failure. */
async function captionFault(writing: Promise<void>): Promise<string | undefined> {
  try {
    await writing;
    return undefined;
  } catch (cause) {
    if (cause instanceof LexemeError && cause.code === "CAPTION_UNREADABLE") return cause.message;
    throw cause;
  }
}

async function variantsOf(planned: PlannedPicture, settings: PreprocessSettings): Promise<RawPicture[]> {
  const variants = await makeVariants(await readPicture(planned.source.path), settings);
  if (variants.length !== planned.stems.length) {
    const reason = "it has changed since the preprocessing began";
    throw new LexemeError("NOT_A_PICTURE", reason, { details: { reason } });
  }
  return variants;
}

function summarize(counts: { written: number; skipped: number; stopped: boolean }): string {
  const left =
    counts.skipped === 0 ? "" : `; ${counts.skipped} ${counts.skipped === 1 ? "file was" : "files were"} left out`;
  return `${counts.stopped ? "Stopped: " : ""}${counts.written} ${counts.written === 1 ? "picture" : "pictures"} written${left}`;
}
