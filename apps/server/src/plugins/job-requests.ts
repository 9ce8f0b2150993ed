/** @file Completes what is sent as a job by the options, before its schema gives everything left out the table's defaults. */
import { ROUTES } from "@lexeme/protocol";
import type { FastifyInstance } from "fastify";
import { completeJobRequest } from "../jobs/job-request.ts";
import type { OptionLibrary } from "../library/options.ts";

/** To be called before the routes are registered. */
export function useJobRequests(app: FastifyInstance, options: OptionLibrary): void {
  const { method, path } = ROUTES.createJob;
  app.addHook("preValidation", async (request) => {
    if (request.method !== method || request.routeOptions.url !== path) return;
    request.body = completeJobRequest(request.body, (await options.state()).values);
  });
}
