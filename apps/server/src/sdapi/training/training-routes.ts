/** @file The steps to an embedding over HTTP: create, preprocess, train. Each route waits for the end and answers in A1111's words. */
import { LexemeError, type FailureCode } from "@lexeme/core";

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

/** If a program hangs up, its job continues, as in A1111. */
export function trainingRoutes({ embeddings, folders, jobs, options }: Services, adapted: AdaptedJobs): SdapiRoute[] {
  const preprocess: JobAdapter<PreprocessRequest> = {
    toJobRequest: async (body) => ({
      request: { kind: "preprocess", settings: preprocessSettings(body, folders) },
      taskId: body.id_task,
    }),
    // A1111's words, and after them each file that was left out, with the reason.
    answer: async ({ results }) => ({ info: ["preprocess complete", ...results.warnings].join("\n") }),
  };
  const train: JobAdapter<TrainRequest, TrainOrder> = {
    async toJobRequest(body) {
      const { values } = await options.state();
      const settings = await trainSettings(body, { folders, options: values });
      return { request: { kind: "train-embedding", settings }, taskId: body.id_task };
    },
    async answer({ results }, { request }) {
      const saved = results.artifacts.findLast(({ kind }) => kind === "embedding");
      // A training that was interrupted before its first step has saved nothing, and the embedding is unchanged.
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
          await embeddings.requireUntrained(settings, { requireIdle: (name) => jobs.requireIdle(name) });
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
}

/**
 * A1111 answers these failures with 200 and the reason in `info`, and programs read it there. A missing function, a forbidden path and a fault
 * of the machine are rethrown as HTTP errors, because programs written for A1111 do not expect them.
 */
function reasonOf(error: unknown): string {
  if (!(error instanceof LexemeError) || THROWN.has(error.code) || error.kind === "environment") throw error;
  return error.message;
}

const THROWN: ReadonlySet<FailureCode> = new Set(["SDAPI_UNSUPPORTED", "PATH_OUTSIDE"]);
