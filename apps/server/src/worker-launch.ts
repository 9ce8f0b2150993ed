/** @file What is forked as a worker: the worker package's main file, and the loader that lets Node run TypeScript. */
import { fileURLToPath } from "node:url";

export interface WorkerLaunch {
  modulePath: string;
  execArgv: string[];
}

/** For `node --import`. Resolved from here, so that neither the working folder nor what the server itself was started with matters. */
export const TYPESCRIPT_LOADER: string = import.meta.resolve("tsx");

export function workerLaunch(): WorkerLaunch {
  return {
    modulePath: fileURLToPath(import.meta.resolve("@lexeme/worker")),
    execArgv: ["--import", TYPESCRIPT_LOADER],
  };
}
