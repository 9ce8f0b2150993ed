export { openEngine, type Engine, type EngineOptions } from "./engine.ts";
export { checkpointForCancel, type JobControl, type JobPorts, type JobReporter } from "./job-ports.ts";
