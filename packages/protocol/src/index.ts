export { WireErrorSchema, fromWireError, toWireError, type WireError } from "./wire-error.ts";
export {
  type OptionsState,
  type Checkpoint,
  type Dataset,
  type DatasetPicture,
  type Embedding,
  type Folder,
  type GalleryImage,
  type Template,
  type Trouble,
  type PictureInfo,
  type PreprocessPlan,
  type Run,
  type System,
  type Tokenized,
  type Vae,
  type ListedUpscaler,
} from "./library.ts";
export { type EmbeddingHistory, type HistoryRun } from "./history.ts";
export { CUT_MARK, type Job } from "./job.ts";
export { type ServerToWorker, type WorkerToServer } from "./worker-messages.ts";
export {
  EventsQuerySchema,
  MAX_MESSAGES_PER_SECOND,
  PROTOCOL_VERSION,
  type NumberedEvent,
  type ServerEventBody,
  type ServerMessage,
} from "./events.ts";
export { type Route } from "./route.ts";
export { EVENTS_PATH, OPENAPI_PATH, ROUTES, type RouteName } from "./routes.ts";
