/** @file The door to onnxruntime-node, with its own log silenced: what goes wrong is thrown, and printed by whoever catches it. */

import { env, InferenceSession, listSupportedBackends, Tensor } from "onnxruntime-node";

// Read once, when the first session opens. Probing a device that is absent would print C++ source lines otherwise.
env.logLevel = "fatal";

export { InferenceSession, listSupportedBackends, Tensor };
