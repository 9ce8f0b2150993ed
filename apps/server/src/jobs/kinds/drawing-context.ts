/** @file The context that a worker needs for a job that draws. */
import { isDrawnPicture, type ContextOf, type SettingsOf } from "@lexeme/domain/jobs";
import { namedUpscaler } from "@lexeme/domain/settings";
import { PROGRAM_VERSION } from "../../version.ts";
import { deliveryOptions, pictureFolders } from "../delivery.ts";
import { checkpointWithVae, type JobSources, type OrderedJob } from "../server-job.ts";

/** Throws LexemeError `CHECKPOINT_MISSING`, `CHECKPOINT_UNUSABLE`, `VAE_MISSING`, `UPSCALER_MISSING`, `UPSCALER_UNUSABLE`, `STYLE_MISSING`. */
export async function drawingContext(
  job: OrderedJob<SettingsOf<"txt2img">>,
  sources: JobSources,
): Promise<ContextOf<"txt2img">> {
  const { settings, checkpoint } = job;
  const { folders, upscalers, styles } = sources;
  return {
    checkpoint: await checkpointWithVae(checkpoint, settings.vae, sources),
    upscaler: settings.enableHr ? await upscalers.ref(namedUpscaler(settings.hrUpscaler)) : null,
    embeddingsDir: folders.embeddings,
    ...pictureFolders(job, folders),
    options: { ...sources.settings.options, ...job.options, ...deliveryOptions(job) },
    styles: await styles.require(settings.styles),
    drawn: job.results.artifacts.filter(isDrawnPicture),
    cacheDir: folders.cache,
    version: PROGRAM_VERSION,
  };
}
