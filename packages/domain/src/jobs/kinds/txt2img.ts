/** @file The kind of job that draws pictures from a prompt. */
import { Txt2imgSettingsSchema } from "../../settings/txt2img-settings.ts";
import { defineJob } from "../define-job.ts";
import type { DrawingContext } from "../drawing-context.ts";
import { promptTitle } from "../job-title.ts";

export const txt2img = defineJob<DrawingContext>()({
  kind: "txt2img",
  settings: Txt2imgSettingsSchema,
  lane: "device",
  list: "images",
  title: ({ prompt }) => promptTitle(prompt),
  a1111Job: "scripts_txt2img",
  batches: ({ nIter: count, batchSize: size, steps }) => ({ count, size, steps }),
});
