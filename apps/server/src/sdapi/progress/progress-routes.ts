/** @file The routes for a job's progress and its end: progress, interrupt, skip, and the routes under `/internal` that A1111's own page uses. */
import { isFinished } from "@lexeme/domain/jobs";
import { z } from "zod";
import type { ApiJobs } from "../api-jobs.ts";
import { fractionOf, stateOf, textOf } from "./progress.ts";
import { get, post, type SdapiRoute } from "../route.ts";

/** The texts that FastAPI reads as a switch in a query. */
const SwitchSchema = z
  .enum(["true", "false", "True", "False", "1", "0", "on", "off", "yes", "no"])
  .optional()
  .meta({ description: "true or false" });

const ProgressQuerySchema = z.looseObject({ skip_current_image: SwitchSchema });

const TaskProgressSchema = z.looseObject({
  id_task: z.string().optional(),
  id_live_preview: z.number().int().optional().meta({ default: -1 }),
  live_preview: z.boolean().optional().meta({ default: true }),
});

export function progressRoutes(apiJobs: ApiJobs): SdapiRoute[] {
  return [
    get("/sdapi/v1/progress", {
      summary: "Progress of the running job, with its unfinished picture",
      query: ProgressQuerySchema,
      async handler({ query }) {
        const job = await apiJobs.current();
        const isWanted = !/^(?:true|1|on|yes)$/iu.test(query.skip_current_image ?? "");
        const preview = job === undefined || !isWanted ? undefined : apiJobs.previewOf(job.id);
        return {
          progress: fractionOf(job),
          eta_relative: job?.progress?.etaSeconds ?? 0,
          state: stateOf(job),
          current_image: preview === undefined ? null : preview.slice(preview.indexOf(",") + 1),
          textinfo: textOf(job),
        };
      },
    }),
    post("/sdapi/v1/interrupt", {
      summary: "End the picture after this step, or save and end the training",
      async handler() {
        await apiJobs.interrupt();
        return {};
      },
    }),
    post("/sdapi/v1/skip", {
      summary: "End the pictures of this batch after this step and continue with the next batch",
      async handler() {
        await apiJobs.skip();
        return null;
      },
    }),
    get("/internal/ping", { summary: "Check that the server answers", handler: async () => ({}) }),
    get("/internal/pending-tasks", {
      summary: "Queued tasks of programs",
      async handler() {
        const tasks = await apiJobs.waitingTasks();
        return { size: tasks.length, tasks };
      },
    }),
    post("/internal/progress", {
      summary: "Progress of a task, by the id that the program gave it",
      body: TaskProgressSchema,
      handler: ({ body }) => taskProgress(apiJobs, body),
    }),
  ];
}

async function taskProgress(
  apiJobs: ApiJobs,
  { id_task = "", id_live_preview = -1, live_preview = true }: z.infer<typeof TaskProgressSchema>,
) {
  const job = await apiJobs.task(id_task);
  const active = job?.state === "running";
  const queued = job?.state === "queued";
  if (job === undefined || !active) {
    const completed = job !== undefined && isFinished(job.state);
    const textinfo = queued ? "In queue..." : "Waiting...";
    return { active, queued, completed, id_live_preview: -1, textinfo };
  }
  // The step is the id of a preview: a program that already has this preview does not get it again.
  const id = job.progress?.step ?? 0;
  const preview = live_preview && id !== id_live_preview ? apiJobs.previewOf(job.id) : undefined;
  return {
    active,
    queued,
    completed: false,
    progress: fractionOf(job),
    eta: job.progress?.etaSeconds ?? null,
    live_preview: preview ?? null,
    id_live_preview: preview === undefined ? id_live_preview : id,
    textinfo: textOf(job),
  };
}
