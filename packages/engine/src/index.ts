export { openEngine, type Engine, type EngineOptions } from "./engine.ts";
export { checkpointForCancel, type JobControl, type JobPorts, type JobReporter } from "./job-ports.ts";
export { makeNotebook } from "./embeddings/notebook.ts";
export { preprocess } from "./preprocess/preprocess.ts";
