/** @file The choices ONNX Runtime is given, each with the measurement behind it (SD 1.5 sizes, two cores). */

import { availableParallelism } from "node:os";
import type { InferenceSession } from "./ort.ts";
import type { DeviceName } from "./device.ts";

export interface SessionOptions {
  /** `cpu` by default. */
  device?: DeviceName;
  /** What the graph is for; decides the defaults of `weights` and how the graph is scheduled. */
  purpose: "inference" | "training";
  /**
   * `packed`: copied at load into the layout that convolutions and products like best; 15-20 % faster convolutions, but
   * every weight lies on the heap once (twice if both directions use it) and loading takes seconds.
   * `mapped`: read where they lie in the file; a session opens in tens of ms and its weights are page cache, shared by all.
   * By default packed for inference, mapped for training, where one weight serves forward and backward. SD 1.5's training
   * step at 256 x 256 from a float16 file takes 5.5 s of CPU time mapped and 4.8 s packed; resident memory peaks at 4.4 GB and
   * 8.0 GB, opening takes 3.3 s and 12.7 s of CPU time.
   */
  weights?: "packed" | "mapped";
  /** Threads inside one operator; the number of cores by default. */
  threads?: number;
  /** Folder of a model given as bytes, to which its weight locations are relative. Ignored for graphs, which know their files. */
  folder?: string;
}

/** What `InferenceSession.create` takes. `folder` is a real path. */
export function ortOptions(options: SessionOptions, folder: string | undefined): InferenceSession.SessionOptions {
  const { device = "cpu", purpose, threads = availableParallelism() } = options;
  const weights = options.weights ?? (purpose === "training" ? "mapped" : "packed");
  const extra: Record<string, string> = {
    // Spinning threads starve the other processes of a small machine (server, sharp, a second worker).
    "session.intra_op.allow_spinning": "0",
  };
  if (folder !== undefined) extra["session.model_external_initializers_file_folder_path"] = folder;
  // Prepacking copies every MatMul and ConvTranspose weight to the heap: 1 GiB of weights costs 1041 MB and 1.2-2.3 s
  // instead of 17 MB and 40-56 ms.
  if (weights === "mapped") extra["session.disable_prepacking"] = "1";
  // Common subexpression elimination would merge recomputed nodes with the forward ones, and with them their memory.
  if (purpose === "training") extra["optimization.disable_specified_optimizers"] = "CommonSubexpressionElimination";
  return {
    executionProviders: [device],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: "sequential",
    // "all" adds the NCHWc layout to convolutions: a heap copy of their weights, 15-20 % faster. Never for mapped weights.
    graphOptimizationLevel: weights === "packed" ? "all" : "extended",
    // The arena makes large tensors 1.5-2 times faster (no page faults). Memory patterns would hold a second block of the
    // same size from the second run on (430 MB became 799 MB).
    enableCpuMemArena: true,
    enableMemPattern: false,
    logSeverityLevel: 3,
    extra,
  };
}
