/** @file Everything the routes work with, made once by `app.ts`. */
import type { ServerConfig } from "./config.ts";
import type { DataFolders } from "./data-folder.ts";
import type { EventLog } from "./events/event-log.ts";
import type { JobService } from "./jobs/job-service.ts";
import type { Bin } from "./library/bin.ts";
import type { CheckpointLibrary } from "./library/checkpoints.ts";
import type { DatasetLibrary } from "./library/datasets.ts";
import type { EmbeddingLibrary } from "./library/embeddings.ts";
import type { Gallery } from "./library/gallery.ts";
import type { OptionLibrary } from "./library/options.ts";
import type { Roots } from "./library/roots.ts";
import type { RunLibrary } from "./library/runs.ts";
import type { StyleLibrary } from "./library/styles.ts";
import type { TemplateLibrary } from "./library/templates.ts";
import type { Thumbnails } from "./library/thumbnails.ts";
import type { UpscalerLibrary } from "./library/upscalers.ts";
import type { VaeLibrary } from "./library/vaes.ts";
import type { Sessions } from "./plugins/sign-in.ts";
import type { WorkerStatus } from "./jobs/worker-process.ts";

export interface Services {
  config: ServerConfig;
  folders: DataFolders;
  roots: Roots;
  events: EventLog;
  sessions: Sessions;
  checkpoints: CheckpointLibrary;
  vaes: VaeLibrary;
  upscalers: UpscalerLibrary;
  options: OptionLibrary;
  styles: StyleLibrary;
  embeddings: EmbeddingLibrary;
  runs: RunLibrary;
  datasets: DatasetLibrary;
  templates: TemplateLibrary;
  gallery: Gallery;
  thumbnails: Thumbnails;
  bin: Bin;
  jobs: JobService;
  /** State of the device lane's worker, as it is now. */
  readonly deviceStatus: WorkerStatus;
}
