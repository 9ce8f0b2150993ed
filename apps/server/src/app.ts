/** @file Puts the server together: data folder, services, plugins, routes. `main.ts` listens; tests inject requests. */
import { LexemeError } from "@lexeme/core";
import { fileURLToPath } from "node:url";
import Fastify, { type FastifyInstance } from "fastify";
import type { Logger } from "pino";
import type { ServerConfig } from "./config.ts";
import { dataFolders, prepareDataFolders } from "./data-folder.ts";
import { LastingLock } from "./data-lock.ts";
import { openEventSocket } from "./events/event-socket.ts";
import { useJobRequests } from "./plugins/job-requests.ts";
import { useJsonBodies } from "./plugins/json-bodies.ts";
import { useOpenApi } from "./plugins/openapi.ts";
import { requireOwnPage, useSecurity } from "./plugins/security.ts";
import { useSignIn } from "./plugins/sign-in.ts";
import { useTypedRoutes } from "./plugins/typed-routes.ts";
import { useWebApp } from "./plugins/web-app.ts";
import { useWireErrors } from "./plugins/wire-errors.ts";
import { useUploads } from "./routes/dataset-routes.ts";
import { routeHandlers } from "./routes/handlers.ts";
import { useSdapi } from "./sdapi/sdapi.ts";
import { openServices, type OpenedServices } from "./services.ts";
import { workerLaunch, type WorkerLaunch } from "./worker-launch.ts";

export interface AppOptions {
  config: ServerConfig;
  logger?: Logger;
  /** Folder of the built web app. */
  webDist?: string;
  /** The program that is forked as a worker; the worker package if left out. */
  worker?: WorkerLaunch;
}

export interface LexemeApp extends Pick<OpenedServices, "services" | "workers"> {
  server: FastifyInstance;
  /** Ends everything in order; safe to call twice. */
  close(): Promise<void>;
}

const WEB_DIST = fileURLToPath(new URL("../../web/dist", import.meta.url));
/** The limit for JSON bodies, which are settings and captions. Uploads have their own limits. */
const MAX_BODY_BYTES = 2 << 20;

/** Builds the whole server without listening. Throws LexemeError `FOLDER_NOT_WRITABLE` or `DATA_FOLDER_IN_USE`. */
export async function buildApp({
  config,
  logger,
  webDist = WEB_DIST,
  worker = workerLaunch(),
}: AppOptions): Promise<LexemeApp> {
  const folders = dataFolders(config.dataDir);
  await prepareDataFolders(folders);
  const lock = new LastingLock(folders.lock, folders.dataDir);
  await lock.take().catch((cause: unknown) => {
    // Without room or rights the server starts, and takes the lock before it opens the job list.
    if (!(cause instanceof LexemeError) || cause.code === "DATA_FOLDER_IN_USE") throw cause;
  });
  const server = Fastify({
    ...(logger === undefined ? { logger: false } : { loggerInstance: logger }),
    bodyLimit: MAX_BODY_BYTES,
    // Lane queues, uploads and thumbnails may take long, so these two limits are off. Node's limit of 60 s for a request's headers stays.
    connectionTimeout: 0,
    requestTimeout: 0,
    forceCloseConnections: true,
  }) as unknown as FastifyInstance;
  const opened = await openServices({ config, folders, lock, launch: worker, log: server.log });
  const { services, workers } = opened;

  useJsonBodies(server);
  useWireErrors(server);
  await useSecurity(server, config);
  server.addHook("onRequest", ({ headers, ip }) => services.folderAccess.watch({ headers, address: ip }));
  await useSignIn(server, services.sessions);
  await useOpenApi(server);
  await useUploads(server);
  useJobRequests(server, services.options);
  useTypedRoutes(server, routeHandlers(services));
  await useSdapi(server, services);
  await useWebApp(server, webDist);
  const closeSocket = openEventSocket(server.server, {
    log: services.events,
    authorize({ headers, socket }) {
      requireOwnPage(headers, config);
      services.sessions.require({ headers, address: socket.remoteAddress ?? "" });
    },
    snapshot: () => services.jobs.snapshot(),
  });
  await server.ready();

  let closing: Promise<void> | undefined;
  async function close(): Promise<void> {
    closeSocket();
    await server.close();
    await opened.close();
    await lock.release();
  }
  return { server, services, workers, close: () => (closing ??= close()) };
}
