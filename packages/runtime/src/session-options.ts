/** @file The options for ONNX Runtime, each with the measurement that decided it (SD 1.5 sizes, two cores). */

import { availableParallelism } from "node:os";
import type { InferenceSession } from "./ort.ts";
import type { DeviceName } from "./device.ts";

export interface SessionOptions {
  /** `cpu` by default. */
  device?: DeviceName;
  /** Sets the default of `weights` and the scheduling of the graph. */
  purpose: "inference" | "training";
  /**
   * `packed`: weights are copied at load into the fastest layout for convolutions and products. Convolutions are 15-20 % faster,
   * but the heap holds every weight once (twice if forward and backward pass use it) and loading takes seconds.
   * `mapped`: weights are read from the mapped file. A session opens in tens of ms, and all processes share the page cache.
   * By default packed for inference, mapped for training, where forward and backward pass use the same weight. SD 1.5's training
   * step at 256 x 256 from a float16 file takes 5.5 s of CPU time mapped and 4.8 s packed; resident memory peaks at 4.4 GB and
   * 8.0 GB, opening takes 3.3 s and 12.7 s of CPU time.
   */
  weights?: "packed" | "mapped";
  /** Threads inside one operator; the number of cores by default. */
  threads?: number;
  /** For a model given as bytes: the folder to which its weight locations are relative. Ignored for graphs, which hold full paths. */
  folder?: string;
}

/** The options of `InferenceSession.create`. `folder` is a path without symbolic links. */
export function ortOptions(options: SessionOptions, folder: string | undefined): InferenceSession.SessionOptions {
  const { device = "cpu", purpose, threads = availableParallelism() } = options;
  const weights = options.weights ?? (purpose === "training" ? "mapped" : "packed");
  const extra: Record<string, string> = {
    // Spinning threads would take the cores from other processes (server, sharp, a second worker) on a small machine.
    "session.intra_op.allow_spinning": "0",
  };
  if (folder !== undefined) extra["session.model_external_initializers_file_folder_path"] = folder;
  // Prepacking copies every MatMul and ConvTranspose weight to the heap: 1 GiB of weights costs 1041 MB and 1.2-2.3 s
  // instead of 17 MB and 40-56 ms.
  if (weights === "mapped") extra["session.disable_prepacking"] = "1";
  // Common subexpression elimination would merge recomputed nodes with nodes of the forward pass, which recomputation avoids to save memory.
  if (purpose === "training") extra["optimization.disable_specified_optimizers"] = "CommonSubexpressionElimination";
  return {
    executionProviders: [device],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: "sequential",
    // "all" uses the NCHWc layout for convolutions: 15-20 % faster, with a copy of their weights on the heap. Mapped weights must not be copied.
    graphOptimizationLevel: weights === "packed" ? "all" : "extended",
    // The arena makes large tensors 1.5-2 times faster (no page faults). Memory patterns would hold a second block of the
    // same size from the second run on (430 MB became 799 MB).
    enableCpuMemArena: true,
    enableMemPattern: false,
    logSeverityLevel: 3,
    extra,
  };
}
