/** @file Jobs over HTTP. */
import type { HandlersOf } from "../plugins/typed-routes.ts";
import type { Services } from "../services.ts";

type Names =
  | "createJob"
  | "listJobs"
  | "getJob"
  | "stopJob"
  | "cancelJob"
  | "goFirstJob"
  | "retryJob"
  | "removeJob"
  | "moveJob"
  | "clearJobs"
  | "cancelWaitingJobs"
  | "getMetrics";

export function jobRoutes({ jobs }: Services): HandlersOf<Names> {
  return {
    createJob: ({ body }) => jobs.create(body),
    listJobs: ({ query }) => jobs.list(query.limit),
    getJob: ({ params }) => jobs.get(params.id),
    stopJob: ({ params }) => jobs.stop(params.id),
    cancelJob: ({ params }) => jobs.cancel(params.id),
    goFirstJob: ({ params }) => jobs.goFirst(params.id),
    retryJob: ({ params }) => jobs.retry(params.id),
    async removeJob({ params }) {
      await jobs.remove(params.id);
      return {};
    },
    moveJob: ({ params, body }) => jobs.move(params.id, body.before),
    clearJobs: async () => ({ removed: await jobs.clear() }),
    cancelWaitingJobs: async () => ({ cancelled: await jobs.cancelWaiting() }),
    getMetrics: ({ params }) => jobs.metrics(params.id),
  };
}
