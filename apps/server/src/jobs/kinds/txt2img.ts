/** @file The server's part of a txt2img job: its check and its context. */
import type { SettingsOf } from "@lexeme/domain/jobs";
import { txt2imgMemoryProblem } from "@lexeme/domain/memory";
import { namedUpscaler } from "@lexeme/domain/settings";
import { applyStyles } from "@lexeme/domain/styles";
import { drawingContext } from "./drawing-context.ts";
import { requireMemory } from "../running/job-memory.ts";
import { checkPromptFields } from "./prompt-check.ts";
import type { JobSources, ServerJob } from "../server-job.ts";

export const txt2imgJob: ServerJob<"txt2img"> = {
  validate: validateTxt2img,
  context: drawingContext,
};

/** Throws the errors of `ServerJob.validate`. An X/Y/Z plot uses this check too. */
export async function validateTxt2img(settings: SettingsOf<"txt2img">, sources: JobSources): Promise<string> {
  const { checkpoints, vaes, upscalers, styles, memoryBytes } = sources;
  const { enable_prompt_comments: comments } = sources.settings.options;
  const checkpoint = await checkpoints.require(settings.checkpoint);
  await vaes.ref(settings.vae, checkpoint);
  const { emphasis, enableHr, hrUpscaler, hrPrompt, hrNegativePrompt } = settings;
  const { prompt, negativePrompt } = applyStyles(settings, await styles.require(settings.styles));
  if (emphasis !== "None") checkPromptFields({ prompt, negativePrompt }, { comments });
  if (enableHr) {
    await upscalers.require(namedUpscaler(hrUpscaler));
    if (emphasis !== "None") checkPromptFields({ hrPrompt, hrNegativePrompt }, { comments });
  }
  requireMemory(txt2imgMemoryProblem, settings, { checkpoint, memoryBytes });
  return checkpoint.name;
}
