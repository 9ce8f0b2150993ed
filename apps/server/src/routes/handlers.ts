/** @file The handlers of all routes. */
import { mergeHandlers, type RouteHandlers } from "../plugins/typed-routes.ts";
import type { Services } from "../services.ts";
import { binRoutes } from "./bin-routes.ts";
import { datasetRoutes } from "./dataset-routes.ts";
import { embeddingRoutes } from "./embedding-routes.ts";
import { jobRoutes } from "./job-routes.ts";
import { optionRoutes } from "./option-routes.ts";
import { pictureInfoRoutes } from "./picture-info-routes.ts";
import { pictureRoutes } from "./picture-routes.ts";
import { sessionRoutes } from "./session-routes.ts";
import { styleRoutes } from "./style-routes.ts";
import { systemRoutes } from "./system-routes.ts";

export function routeHandlers(services: Services): RouteHandlers {
  return mergeHandlers(
    systemRoutes(services),
    embeddingRoutes(services),
    datasetRoutes(services),
    jobRoutes(services),
    optionRoutes(services),
    styleRoutes(services),
    pictureRoutes(services),
    pictureInfoRoutes(services),
    binRoutes(services),
    sessionRoutes(services),
  );
}
