/** @file POST /sdapi/v1/txt2img: queues a job and waits for it. */
import type { Services } from "../../services.ts";
import type { AdaptedJobs, JobAdapter } from "../job-adapter.ts";
import { post, type SdapiRoute } from "../route.ts";
import { txt2imgAnswer } from "./txt2img-answer.ts";
import { toTxt2imgJob, type Txt2imgOrder } from "./txt2img-job.ts";
import { Txt2imgRequestSchema, type Txt2imgRequest } from "./txt2img-request.ts";

export function txt2imgRoutes(services: Services, adapted: AdaptedJobs): SdapiRoute[] {
  const { options } = services;
  const txt2img: JobAdapter<Txt2imgRequest, Txt2imgOrder> = {
    toJobRequest: (body) => toTxt2imgJob(body, services),
    async answer(job, { request: { settings }, kept, shown, warnings }, body) {
      if (Object.keys(kept).length > 0) await options.change(kept);
      return txt2imgAnswer({ request: body, settings, shown, job, warnings });
    },
  };

  return [
    post("/sdapi/v1/txt2img", {
      summary: "Draw pictures and wait for them",
      body: Txt2imgRequestSchema,
      handler: (request) => adapted.run(txt2img, request),
    }),
  ];
}
