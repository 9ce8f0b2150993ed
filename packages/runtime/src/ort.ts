/** @file The only import of onnxruntime-node, with its log switched off. Failures are thrown, and the code that catches them reports them. */

import { env, InferenceSession, listSupportedBackends, Tensor } from "onnxruntime-node";

// ONNX Runtime reads the level when the first session opens. With its log on, probing an absent device prints C++ source lines.
env.logLevel = "fatal";

/** The version of onnxruntime-node. */
export const ORT_VERSION: string = env.versions.node ?? env.versions.common;

export { InferenceSession, listSupportedBackends, Tensor };
