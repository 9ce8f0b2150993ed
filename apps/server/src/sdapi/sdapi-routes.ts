/** @file All routes of A1111's API, and what they share: the jobs that programs began. */
import type { Services } from "../services.ts";
import { ApiJobs } from "./api-jobs.ts";
import { modelRoutes } from "./model-routes.ts";
import { optionsRoutes } from "./options-routes.ts";
import { pictureSdapiRoutes } from "./picture-routes.ts";
import { progressRoutes } from "./progress-routes.ts";
import type { SdapiRoute } from "./route.ts";
import { systemSdapiRoutes } from "./system-routes.ts";
import { trainingRoutes } from "./training-routes.ts";
import { txt2imgRoutes } from "./txt2img-routes.ts";
import { UnsavedPictures } from "./unsaved-pictures.ts";

export async function sdapiRoutes(services: Services): Promise<{ routes: SdapiRoute[]; close: () => Promise<void> }> {
  const { jobs, events, folders } = services;
  const apiJobs = new ApiJobs(jobs, events);
  const unsaved = await UnsavedPictures.open(folders.cache, jobs);
  return {
    routes: [
      ...txt2imgRoutes({ services, apiJobs, unsaved }),
      ...progressRoutes(apiJobs),
      ...optionsRoutes(services),
      ...modelRoutes(services),
      ...trainingRoutes(services, apiJobs),
      ...pictureSdapiRoutes(),
      ...systemSdapiRoutes(services),
    ],
    async close() {
      apiJobs.close();
    },
  };
}
