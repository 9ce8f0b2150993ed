/** @file All routes of A1111's API, and the jobs that programs started, which the routes share. */
import type { Services } from "../services.ts";
import { ApiJobs } from "./api-jobs.ts";
import { AdaptedJobs } from "./job-adapter.ts";
import { modelRoutes } from "./model-routes.ts";
import { optionsRoutes } from "./options-routes.ts";
import { pictureSdapiRoutes } from "./picture-routes.ts";
import { progressRoutes } from "./progress/progress-routes.ts";
import type { SdapiRoute } from "./route.ts";
import { systemSdapiRoutes } from "./system-routes.ts";
import { trainingRoutes } from "./training/training-routes.ts";
import { txt2imgRoutes } from "./txt2img/txt2img-routes.ts";

export function sdapiRoutes(services: Services): { routes: SdapiRoute[]; close: () => Promise<void> } {
  const apiJobs = new ApiJobs(services.jobs, services.events);
  const adapted = new AdaptedJobs(services, apiJobs);
  return {
    routes: [
      ...txt2imgRoutes(services, adapted),
      ...progressRoutes(apiJobs),
      ...optionsRoutes(services),
      ...modelRoutes(services),
      ...trainingRoutes(services, adapted),
      ...pictureSdapiRoutes(),
      ...systemSdapiRoutes(services),
    ],
    async close() {
      apiJobs.close();
    },
  };
}
