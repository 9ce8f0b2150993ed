/** @file Puts the server together: folders, libraries, jobs, routes. `main.ts` listens; tests inject requests. */
import { LexemeError, quoteLongIntegers } from "@lexeme/core";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DEMO_CHECKPOINT_PATH, DEMO_PHOTOS_DIR } from "@lexeme/demo";
import { SHIPPED_TEMPLATES } from "@lexeme/domain/templates";
import { LANES, type JobContext, type Lane } from "@lexeme/domain/jobs";
import Fastify, { type FastifyInstance } from "fastify";
import type { Logger } from "pino";
import type { ServerConfig } from "./config.ts";
import { dataFolders, prepareDataFolders, type DataFolders } from "./data-folder.ts";
import { takeDataLock } from "./data-lock.ts";

import { EventLog } from "./events/event-log.ts";
import { openEventSocket } from "./events/event-socket.ts";
import { openDatabase } from "./jobs/database.ts";
import { JobService } from "./jobs/job-service.ts";
import { xyzContext } from "./jobs/xyz-plot-parts.ts";
import { deliveryOptions, pictureFolders } from "./jobs/delivery.ts";
import type { StoredJob } from "./jobs/job-row.ts";
import { validateJob } from "./jobs/job-validation.ts";
import { WorkerProcess, type WorkerStatus } from "./jobs/worker-process.ts";
import { Bin } from "./library/bin.ts";
import { CheckpointLibrary } from "./library/checkpoints.ts";
import { DatasetLibrary } from "./library/datasets.ts";
import { EmbeddingLibrary } from "./library/embeddings.ts";
import { FileHashes } from "./library/file-hashes.ts";
import { FolderWatch } from "./library/folder-watch.ts";
import { Gallery } from "./library/gallery.ts";
import { OptionLibrary } from "./library/options.ts";
import { Roots, type Root } from "./library/roots.ts";
import { RunLibrary } from "./library/runs.ts";
import { SettingsFile } from "./library/settings-file.ts";
import { StyleLibrary } from "./library/styles.ts";
import { TemplateLibrary } from "./library/templates.ts";
import { Thumbnails } from "./library/thumbnails.ts";
import { UpscalerLibrary } from "./library/upscalers.ts";
import { VaeLibrary } from "./library/vaes.ts";
import { useJobRequests } from "./plugins/job-requests.ts";
import { useOpenApi } from "./plugins/openapi.ts";
import { requireOwnPage, useSecurity } from "./plugins/security.ts";
import { Sessions, useSignIn } from "./plugins/sign-in.ts";
import { mergeHandlers, useTypedRoutes } from "./plugins/typed-routes.ts";
import { useWebApp } from "./plugins/web-app.ts";
import { useWireErrors } from "./plugins/wire-errors.ts";
import { datasetRoutes, useUploads } from "./routes/dataset-routes.ts";
import { embeddingRoutes } from "./routes/embedding-routes.ts";
import { jobRoutes } from "./routes/job-routes.ts";
import { optionRoutes } from "./routes/option-routes.ts";
import { pictureInfoRoutes } from "./routes/picture-info-routes.ts";
import { pictureRoutes } from "./routes/picture-routes.ts";
import { sessionRoutes } from "./routes/session-routes.ts";
import { styleRoutes } from "./routes/style-routes.ts";
import { systemRoutes } from "./routes/system-routes.ts";
import { useSdapi } from "./sdapi/sdapi.ts";
import type { Services } from "./services.ts";
import { PROGRAM_VERSION } from "./version.ts";
import { workerLaunch, type WorkerLaunch } from "./worker-launch.ts";

export interface AppOptions {
  config: ServerConfig;
  logger?: Logger;
  /** Folder of the built web app. */
  webDist?: string;
  /** What is forked as a worker; the real one when left out. */
  worker?: WorkerLaunch;
}

export interface LexemeApp {
  server: FastifyInstance;
  services: Services;
  workers: Record<Lane, WorkerProcess>;
  /** Ends everything in order; safe to call twice. */
  close(): Promise<void>;
}

const WEB_DIST = fileURLToPath(new URL("../../web/dist", import.meta.url));
/** JSON bodies are settings and captions; uploads are bounded on their own. */
const MAX_BODY_BYTES = 2 << 20;

/** Builds the whole server without listening. Throws the LexemeErrors of the data folder: not writable, in use. */
export async function buildApp(options: AppOptions): Promise<LexemeApp> {
  const { config, logger } = options;
  const folders = dataFolders(config.dataDir);
  await prepareDataFolders(folders);
  const lock = await takeDataLock(folders.lock, folders.dataDir);
  const server = Fastify({
    ...(logger === undefined ? { logger: false } : { loggerInstance: logger }),
    bodyLimit: MAX_BODY_BYTES,
    // Lane queues, uploads and thumbnails may take their time; a socket that says nothing at all may not.
    connectionTimeout: 0,
    requestTimeout: 0,
    forceCloseConnections: true,
  }) as unknown as FastifyInstance;
  const { services, workers, closeServices } = await makeServices({ options, folders, server });

  server.removeContentTypeParser("application/json");
  server.addContentTypeParser("application/json", { parseAs: "string" }, parseJson);
  useWireErrors(server);
  await useSecurity(server, config);
  await useSignIn(server, services.sessions);
  await useOpenApi(server);
  await useUploads(server);
  useJobRequests(server, services.options);
  useTypedRoutes(
    server,
    mergeHandlers(
      systemRoutes(services),
      embeddingRoutes(services),
      datasetRoutes(services),
      jobRoutes(services),
      optionRoutes(services),
      styleRoutes(services),
      pictureRoutes(services),
      pictureInfoRoutes(services),
      sessionRoutes(services),
    ),
  );
  await useSdapi(server, services);
  await useWebApp(server, options.webDist ?? WEB_DIST);
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
    await closeServices();
    await lock.release();
  }
  return { server, services, workers, close: () => (closing ??= close()) };
}

interface ServiceParts {
  options: AppOptions;
  folders: DataFolders;
  server: FastifyInstance;
}

async function makeServices({ options, folders, server }: ServiceParts) {
  const { config } = options;
  const events = new EventLog();
  const roots = new Roots(rootsOf(config, folders));
  const settings = await SettingsFile.open(folders.settings, folders.a1111Settings);
  if (settings.fault !== null) server.log.warn(settings.fault);
  const hashes = await FileHashes.open(join(folders.cache, "hashes.json"), () => {
    events.publish({ type: "library", changed: "checkpoints" });
    events.publish({ type: "library", changed: "vaes" });
  });
  const checkpoints = new CheckpointLibrary({ folder: folders.checkpoints, hashes, settings });
  const vaes = new VaeLibrary({ folder: folders.vaes, checkpoints: folders.checkpoints, hashes, settings });
  const optionLibrary = new OptionLibrary({
    settings,
    checkpoints,
    vaes,
    onChange() {
      events.publish({ type: "system" });
      // Which embeddings fit depends on the checkpoint.
      events.publish({ type: "library", changed: "embeddings" });
    },
  });
  const styles = new StyleLibrary(folders.styles);
  const upscalers = new UpscalerLibrary(folders);
  const bin = new Bin(folders.bin);
  const runs = new RunLibrary(folders.runs);
  const embeddings = new EmbeddingLibrary({ folder: folders.embeddings, checkpoints, runs, bin });
  const datasets = new DatasetLibrary(roots, settings);
  const templates = new TemplateLibrary(folders.templates);
  await templates.writeMissing(SHIPPED_TEMPLATES);
  const gallery = new Gallery([folders.outputs, folders.grids]);
  const deviceStatus: WorkerStatus = { state: "starting", report: null };
  const launch = options.worker ?? workerLaunch();
  const workers = Object.fromEntries(
    LANES.map((lane) => [
      lane,
      new WorkerProcess({
        ...launch,
        start: {
          type: "start",
          lane,
          device: config.device,
          threads: config.threads,
          memoryBytes: config.memoryBytes,
          demoCheckpoint: DEMO_CHECKPOINT_PATH,
          cacheDir: folders.cache,
        },
        logPath: join(folders.logs, `worker-${lane}.log`),
        onStatus(status) {
          if (lane !== "device") return;
          Object.assign(deviceStatus, status);
          events.publish({ type: "system" });
        },
      }),
    ]),
  ) as Record<Lane, WorkerProcess>;
  const jobs = new JobService({
    openDatabase: () => openDatabase(folders.database),
    events,
    workers,
    sentFolders: folders.sent,
    contextOf: (job) => contextOf(job, { folders, checkpoints, vaes, upscalers, runs, settings, styles }),
    validate: (request) =>
      validateJob(request, {
        checkpoints,
        vaes,
        upscalers,
        embeddings,
        runs,
        datasets,
        templates,
        roots,
        settings,
        styles,
        memoryBytes: config.memoryBytes,
      }),
    onError: (error) => server.log.error({ err: error }, "the job queue reports an error"),
  });
  const watch = new FolderWatch(folders, (changed) => {
    if (changed === "images") gallery.changed();
    // The chosen one may have come or gone.
    if (changed === "checkpoints" || changed === "vaes") events.publish({ type: "system" });
    events.publish({ type: "library", changed });
  });
  // Which device it is shows in the page, so this lane's worker does not wait for a job.
  workers.device.start();
  bin.empty().catch((error: unknown) => server.log.warn({ err: error }, "the bin could not be emptied"));
  const services: Services = {
    config,
    folders,
    roots,
    events,
    sessions: new Sessions(config.auth, config.apiAuth),
    checkpoints,
    vaes,
    upscalers,
    options: optionLibrary,
    styles,
    embeddings,
    runs,
    datasets,
    templates,
    gallery,
    thumbnails: new Thumbnails(folders.cache),
    bin,
    jobs,
    deviceStatus,
  };
  async function closeServices(): Promise<void> {
    await watch.close();
    await hashes.close();
    await jobs.close();
    events.close();
  }
  return { services, workers, closeServices };
}

function rootsOf(config: ServerConfig, folders: DataFolders): Root[] {
  const own: Root[] = [
    { name: "Data sets", path: folders.datasets, writable: true },
    {
      name: "Outputs",
      path: join(folders.dataDir, "outputs"),
      writable: true,
      linked: [folders.outputs, folders.grids],
    },
    { name: "Training runs", path: folders.runs, writable: true },
    { name: "Embeddings", path: folders.embeddings, writable: true },
    { name: "Models", path: join(folders.dataDir, "models"), writable: false },
    { name: "Demo photos", path: DEMO_PHOTOS_DIR, writable: false },
  ];
  return [...own, ...config.allowDirs.map((path): Root => ({ name: path, path, writable: true }))];
}

interface ContextSources {
  folders: DataFolders;
  settings: SettingsFile;
  styles: StyleLibrary;
  checkpoints: CheckpointLibrary;
  vaes: VaeLibrary;
  upscalers: UpscalerLibrary;
  runs: RunLibrary;
}

async function contextOf(job: StoredJob, sources: ContextSources): Promise<JobContext> {
  const { folders, checkpoints, vaes, upscalers, settings, styles } = sources;
  const { request } = job;
  const checkpoint = job.checkpoint === null ? null : await checkpoints.ref(job.checkpoint);
  const { settings: asked } = request;
  const hasVae = checkpoint !== null && "vae" in asked;
  const options = { ...settings.options, ...job.options, ...deliveryOptions(job) };
  return {
    checkpoint: hasVae ? { ...checkpoint, vae: await vaes.ref(asked.vae, checkpoint) } : checkpoint,
    ...("enableHr" in asked && asked.enableHr && { upscaler: await upscalers.ref(asked.hrUpscaler) }),
    embeddingsDir: folders.embeddings,
    ...pictureFolders(job, folders),
    options,
    styles: "styles" in asked ? await styles.require(asked.styles) : [],
    ...(request.kind === "xyz-plot" && { xyz: await xyzContext(request.settings, sources) }),
    imageOptions: options,
    logDir: folders.runs,
    templatesDir: folders.templates,
    cacheDir: folders.cache,
    version: PROGRAM_VERSION,
  };
}

/** JSON, or nothing: programs send an empty body with the JSON type for requests that need none. */
function parseJson(
  _request: unknown,
  body: string | Buffer,
  done: (error: Error | null, value?: unknown) => void,
): void {
  const text = String(body);
  if (text.trim() === "") return done(null, undefined);
  try {
    done(null, JSON.parse(quoteLongIntegers(text)));
  } catch {
    done(new LexemeError("REQUEST_MALFORMED", "The body is not JSON"));
  }
}
