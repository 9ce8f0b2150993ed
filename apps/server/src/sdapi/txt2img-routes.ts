/** @file POST /sdapi/v1/txt2img: a job of the queue, waited for. */
import { randomUUID } from "node:crypto";
import type { JobContext } from "@lexeme/domain/jobs";
import type { Services } from "../services.ts";
import { requireDone, type ApiJobs } from "./api-jobs.ts";
import { post, type SdapiRoute } from "./route.ts";
import { txt2imgAnswer } from "./txt2img/txt2img-answer.ts";
import { planTxt2img, type Txt2imgPlan } from "./txt2img/txt2img-plan.ts";
import { Txt2imgRequestSchema, type Txt2imgRequest } from "./txt2img/txt2img-request.ts";
import type { UnsavedPictures } from "./unsaved-pictures.ts";

interface Parts {
  services: Services;
  apiJobs: ApiJobs;
  unsaved: UnsavedPictures;
}

export function txt2imgRoutes({ services, apiJobs, unsaved }: Parts): SdapiRoute[] {
  const { jobs, options, gallery } = services;

  async function draw(request: Txt2imgRequest, gone: AbortSignal) {
    const plan = await planTxt2img(request, services);
    const id = randomUUID();
    const isSaved = request.save_images === true && request.do_not_save_samples !== true;
    // What is saved needs it for pictures that are interrupted alone, and the worker makes it then.
    const folder = isSaved ? unsaved.pathOf(id) : await unsaved.prepare(id);
    try {
      const { settings } = plan;
      await apiJobs.begin(
        { kind: "txt2img", settings },
        {
          id,
          context: contextOf(request, plan, { folder, isSaved }),
          unsavedFolder: folder,
          taskId: request.force_task_id,
        },
      );
    } catch (error) {
      await unsaved.remove(id);
      throw error;
    }
    // Nobody would ever see these; pictures that are saved are drawn to the end, as in A1111.
    const cancel = (): void => void jobs.cancel(id).catch(() => undefined);
    if (!isSaved) gone.addEventListener("abort", cancel);
    if (!isSaved && gone.aborted) cancel();
    // When the server stops first the folder stays, by which the next one knows that nobody waits.
    const job = await apiJobs.ended(id);
    try {
      requireDone(job);
      if (Object.keys(plan.kept).length > 0) await options.change(plan.kept);
      if (request.save_images === true) gallery.changed();
      return await txt2imgAnswer({ request, settings: plan.settings, job, warnings: plan.warnings });
    } finally {
      await unsaved.remove(id);
    }
  }

  return [
    post("/sdapi/v1/txt2img", {
      summary: "Draw pictures and wait for them",
      body: Txt2imgRequestSchema,
      handler: ({ body, gone }) => draw(body, gone),
    }),
  ];
}

/** Where pictures and grid go. Without `save_images` there is no grid in A1111 either. */
function contextOf(
  request: Txt2imgRequest,
  plan: Txt2imgPlan,
  { folder, isSaved }: { folder: string; isSaved: boolean },
): Partial<JobContext> {
  const { context } = plan;
  const hasGrid = request.save_images === true && request.do_not_save_grid !== true;
  const withoutGrid = { grid_save: false, return_grid: false };
  const { imageOptions } = context;
  if (imageOptions === undefined) return context;
  return {
    ...context,
    unsavedDir: folder,
    ...(isSaved ? {} : { outputsDir: folder }),
    imageOptions: {
      ...imageOptions,
      ...(hasGrid ? {} : withoutGrid),
      // What is sent and deleted needs neither companions nor a name.
      ...(isSaved ? {} : { export_for_4chan: false, save_txt: false, samples_filename_pattern: "" }),
    },
  };
}
