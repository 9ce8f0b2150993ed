/** @file The story over HTTP: create an embedding, preprocess, train. Each waits to its end and answers in A1111's words. */
import { LexemeError } from "@lexeme/core";
import type { JobRequest } from "@lexeme/domain/jobs";
import type { Job } from "@lexeme/protocol";

import type { Services } from "../services.ts";
import { requireDone, type ApiJobs } from "./api-jobs.ts";
import { post, type SdapiRoute } from "./route.ts";
import { CreateEmbeddingRequestSchema, PreprocessRequestSchema, TrainRequestSchema } from "./training-requests.ts";
import { createSettings, preprocessSettings, trainSettings } from "./training-settings.ts";

export function trainingRoutes(
  { embeddings, events, folders, jobs, options }: Services,
  apiJobs: ApiJobs,
): SdapiRoute[] {
  /** A program may hang up: what it began goes on, as in A1111. */
  async function run(request: JobRequest, taskId: string | undefined): Promise<Job> {
    const { id } = await apiJobs.begin(request, { taskId });
    const job = await apiJobs.ended(id);
    requireDone(job);
    return job;
  }

  return [
    post("/sdapi/v1/create/embedding", {
      summary: "Create an embedding",
      body: CreateEmbeddingRequestSchema,
      async handler({ body }) {
        try {
          const settings = createSettings(body);
          await requireIdle(settings.name);
          const { path } = await embeddings.create(settings);
          events.publish({ type: "library", changed: "embeddings" });
          return { info: `create embedding filename: ${path}` };
        } catch (error) {
          return { info: `create embedding error: ${reasonOf(error)}` };
        }
      },
    }),
    post("/sdapi/v1/preprocess", {
      summary: "Preprocess a folder of pictures and wait for it",
      body: PreprocessRequestSchema,
      async handler({ body }) {
        try {
          const settings = preprocessSettings(body, folders);
          await run({ kind: "preprocess", settings }, body.id_task);
          return { info: "preprocess complete" };
        } catch (error) {
          return { info: `preprocess error: ${reasonOf(error)}` };
        }
      },
    }),
    post("/sdapi/v1/train/embedding", {
      summary: "Train an embedding and wait for it",
      body: TrainRequestSchema,
      async handler({ body }) {
        try {
          const { values } = await options.state();
          const settings = await trainSettings(body, { folders, options: values });
          const { results } = await run({ kind: "train-embedding", settings }, body.id_task);
          const saved = results.artifacts.findLast(({ kind }) => kind === "embedding");
          // Interrupted before its first step it has saved nothing, and the embedding is what it was.
          const { path } = saved ?? (await embeddings.require({ name: settings.embeddingName }));
          return { info: `train embedding complete: filename: ${path} error: None` };
        } catch (error) {
          return { info: `train embedding complete: filename:  error: ${reasonOf(error)}` };
        }
      },
    }),
  ];

  /** A training would go on with the vectors that are being replaced. */
  async function requireIdle(name: string): Promise<void> {
    if (await jobs.isTraining(name))
      throw new LexemeError("EMBEDDING_BUSY", `The embedding "${name}" is being trained: stop that first`);
  }
}

/**
 * A1111 answers these failures with 200 and the reason in `info`, and programs look for it there. What Lexeme lacks or may not do is
 * rethrown: no program written for A1111 expects that, so it has to show.
 */
function reasonOf(error: unknown): string {
  if (!(error instanceof LexemeError) || THROWN.has(error.code) || error.kind === "environment") throw error;
  return error.message;
}

const THROWN: ReadonlySet<string> = new Set(["SDAPI_UNSUPPORTED", "PATH_OUTSIDE"]);
