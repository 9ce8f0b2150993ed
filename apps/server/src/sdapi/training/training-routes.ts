/** @file The story over HTTP: create an embedding, preprocess, train. Each waits to its end and answers in A1111's words. */
import { LexemeError } from "@lexeme/core";

import type { Services } from "../../services.ts";
import type { JobOrder } from "../api-jobs.ts";
import type { AdaptedJobs, JobAdapter } from "../job-adapter.ts";
import { post, type SdapiRoute } from "../route.ts";
import {
  CreateEmbeddingRequestSchema,
  PreprocessRequestSchema,
  TrainRequestSchema,
  type PreprocessRequest,
  type TrainRequest,
} from "./training-requests.ts";
import { createSettings, preprocessSettings, trainSettings } from "./training-settings.ts";

type TrainOrder = JobOrder & { request: { kind: "train-embedding" } };

/** A program may hang up: what it began goes on, as in A1111. */
export function trainingRoutes({ embeddings, folders, jobs, options }: Services, adapted: AdaptedJobs): SdapiRoute[] {
  const preprocess: JobAdapter<PreprocessRequest> = {
    toJobRequest: async (body) => ({
      request: { kind: "preprocess", settings: preprocessSettings(body, folders) },
      taskId: body.id_task,
    }),
    answer: async () => ({ info: "preprocess complete" }),
  };
  const train: JobAdapter<TrainRequest, TrainOrder> = {
    async toJobRequest(body) {
      const { values } = await options.state();
      const settings = await trainSettings(body, { folders, options: values });
      return { request: { kind: "train-embedding", settings }, taskId: body.id_task };
    },
    async answer({ results }, { request }) {
      const saved = results.artifacts.findLast(({ kind }) => kind === "embedding");
      // Interrupted before its first step it has saved nothing, and the embedding is what it was.
      const { path } = saved ?? (await embeddings.require({ name: request.settings.embeddingName }));
      return { info: `train embedding complete: filename: ${path} error: None` };
    },
  };

  return [
    post("/sdapi/v1/create/embedding", {
      summary: "Create an embedding",
      body: CreateEmbeddingRequestSchema,
      async handler({ body }) {
        try {
          const settings = createSettings(body);
          await requireIdle(settings.name);
          const { path } = await embeddings.create(settings);
          return { info: `create embedding filename: ${path}` };
        } catch (error) {
          return { info: `create embedding error: ${reasonOf(error)}` };
        }
      },
    }),
    post("/sdapi/v1/preprocess", {
      summary: "Preprocess a folder of pictures and wait for it",
      body: PreprocessRequestSchema,
      async handler(request) {
        try {
          return await adapted.run(preprocess, request);
        } catch (error) {
          return { info: `preprocess error: ${reasonOf(error)}` };
        }
      },
    }),
    post("/sdapi/v1/train/embedding", {
      summary: "Train an embedding and wait for it",
      body: TrainRequestSchema,
      async handler(request) {
        try {
          return await adapted.run(train, request);
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
