/** @file The steps to an embedding over HTTP: create, preprocess, train. Each route waits for the end and answers in A1111's words. */
import { LexemeError, type FailureCode } from "@lexeme/core";
import type { JobRequest } from "@lexeme/domain/jobs";
import { parseLearningRateSchedule } from "@lexeme/domain/rates";
import { a1111Name, type TrainSettings } from "@lexeme/domain/settings";

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

interface TrainOrder extends JobOrder {
  request: JobRequest & { kind: "train-embedding" };
  /** Sentences about parts of the schedules that the writer may not have intended. */
  remarks: string[];
}

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
      const { step } = await embeddings.require({ name: settings.embeddingName, field: "embeddingName" });
      const remarks = scheduleRemarks(settings, step ?? 0);
      return { request: { kind: "train-embedding", settings }, taskId: body.id_task, remarks };
    },
    async answer({ results }, { request, remarks }) {
      const saved = results.artifacts.findLast(({ kind }) => kind === "embedding");
      // A training that was interrupted before its first step has saved nothing, and the embedding is unchanged.
      const { path } = saved ?? (await embeddings.require({ name: request.settings.embeddingName }));
      const warnings = [...remarks, ...results.warnings];
      return {
        info: `train embedding complete: filename: ${path} error: None`,
        ...(warnings.length > 0 && { warnings }),
      };
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

/** A schedule that cannot be read has none: the job's own check refuses it. */
function scheduleRemarks(settings: TrainSettings, startStep: number): string[] {
  const fields = ["learnRate", ...(settings.clipGradMode === "disabled" ? [] : (["clipGradValue"] as const))] as const;
  return fields.flatMap((field) => {
    try {
      const { issues } = parseLearningRateSchedule(settings[field], settings.steps, { startStep });
      return issues.map(({ message }) => `${a1111Name(field)}: ${message}`);
    } catch (error) {
      if (error instanceof LexemeError) return [];
      throw error;
    }
  });
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
