export { openEngine, type Engine } from "./engine.ts";
export { type JobReporter } from "./job-ports.ts";
