/** @file Fills missing settings of a job request from the options, before the schema fills the others with its defaults. */
import { ROUTES } from "@lexeme/protocol";
import type { FastifyInstance } from "fastify";
import { completeJobRequest } from "../jobs/job-request.ts";
import type { OptionLibrary } from "../library/options/options.ts";

/** Must be called before the routes are registered. */
export function useJobRequests(app: FastifyInstance, options: OptionLibrary): void {
  const { method, path } = ROUTES.createJob;
  app.addHook("preValidation", async (request) => {
    if (request.method !== method || request.routeOptions.url !== path) return;
    request.body = completeJobRequest(request.body, (await options.state()).values);
  });
}
