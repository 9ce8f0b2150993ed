export { openEngine, type Engine } from "./engine.ts";
export { type JobControl, type JobReporter, type Turns } from "./job-ports.ts";
