export { WireErrorSchema, fromWireError, toWireError, type WireError } from "./wire-error.ts";
export {
  type OptionsState,
  CheckpointSchema,
  DatasetPictureSchema,
  DatasetSchema,
  EmbeddingSchema,
  FolderSchema,
  GalleryImageSchema,
  PictureInfoSchema,
  RunSchema,
  SystemSchema,
  TemplateSchema,
  TokenizedSchema,
  type Checkpoint,
  type Dataset,
  type DatasetPicture,
  type Embedding,
  type Folder,
  type GalleryImage,
  type PictureInfo,
  type Run,
  type System,
  type Template,
  type Tokenized,
  type Vae,
  UpscalerSchema,
  type ListedUpscaler,
} from "./library.ts";
export { JobSchema, type Job } from "./job.ts";
export { type ServerToWorker, type WorkerToServer } from "./worker-messages.ts";
export {
  EventsQuerySchema,
  MAX_MESSAGES_PER_SECOND,
  NumberedEventSchema,
  PROTOCOL_VERSION,
  ServerMessageSchema,
  type NumberedEvent,
  type ServerEventBody,
  type ServerMessage,
} from "./events.ts";
export { EVENTS_PATH, OPENAPI_PATH, ROUTES, type Route, type RouteName } from "./routes.ts";
