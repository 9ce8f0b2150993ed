/** @file Which use case does which kind of job. */
import { makeNotebook, preprocess, type Engine, type JobPorts } from "@lexeme/engine";
import type { JobContext, JobKind, JobRequest, JobResults } from "@lexeme/domain/jobs";

type SettingsOf<K extends JobKind> = Extract<JobRequest, { kind: K }>["settings"];

/** What a handler gets besides its settings. */
export interface JobRun {
  readonly context: JobContext;
  readonly ports: JobPorts;
  /** The engine of the device lane. Throws in the pictures lane, which never loads ONNX Runtime. */
  readonly engine: () => Engine;
}

export type Handlers = { [K in JobKind]: (settings: SettingsOf<K>, run: JobRun) => Promise<JobResults> };

/** Total: a new kind of job does not compile until it has a handler. */
export const HANDLERS: Handlers = {
  notebook: (settings, { context, ports }) => makeNotebook(settings, { context, ...ports }),
  preprocess: (settings, { ports }) => preprocess(settings, ports),
  txt2img: (settings, { context, ports, engine }) => engine().txt2img(settings, context, ports),
  "xyz-plot": (settings, { context, ports, engine }) => engine().xyzPlot(settings, context, ports),
  "train-embedding": (settings, { context, ports, engine }) => engine().trainEmbedding(settings, context, ports),
};

/** Runs a request with its handler. */
export function runJob(request: JobRequest, run: JobRun): Promise<JobResults> {
  // Kind and settings belong together in the union; TypeScript cannot see that through the table.
  const handler = HANDLERS[request.kind] as (settings: JobRequest["settings"], run: JobRun) => Promise<JobResults>;
  return handler(request.settings, run);
}
