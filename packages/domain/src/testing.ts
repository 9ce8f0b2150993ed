/** @file For tests only: a context for any job, with all paths in one folder. */
import type { CheckpointRef, ContextOf, JobKind } from "./jobs/index.ts";
import { DEFAULT_OPTIONS } from "./options/index.ts";

type Everything<C> = (C extends unknown ? (context: C) => void : never) extends (context: infer All) => void
  ? All
  : never;

/** The contexts of all kinds of jobs together. */
export type TestContext = Everything<ContextOf<JobKind>>;

/** Folders under `root` as an A1111 user has them, default options, and no files on any axis of a plot. */
export function testContext(root: string, checkpoint: CheckpointRef): TestContext {
  return {
    jobId: "1",
    checkpoint,
    upscaler: null,
    embeddingsDir: `${root}/embeddings`,
    outputsDir: `${root}/outputs/txt2img-images`,
    gridsDir: `${root}/outputs/txt2img-grids`,
    logDir: `${root}/textual_inversion`,
    templatesDir: `${root}/textual_inversion_templates`,
    cacheDir: `${root}/cache`,
    recordsDir: `${root}/preprocess`,
    leftOut: {},
    bin: {
      bin: `${root}/bin`,
      dataDir: root,
      embeddings: `${root}/embeddings`,
      outputs: `${root}/outputs/txt2img-images`,
    },
    options: DEFAULT_OPTIONS,
    styles: [],
    xyz: { checkpoints: {}, copies: {} },
    drawn: [],
    version: "0.0.0-test",
  };
}
