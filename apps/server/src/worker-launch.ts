/** @file The program that is forked as a worker: the worker package's main file, with the loader that lets Node run TypeScript. */
import { fileURLToPath } from "node:url";

export interface WorkerLaunch {
  modulePath: string;
  execArgv: string[];
}

/** The loader for `node --import`. It is resolved from this file, so that the working folder and the server's own start options do not matter. */
export const TYPESCRIPT_LOADER: string = import.meta.resolve("tsx");

export function workerLaunch(): WorkerLaunch {
  return {
    modulePath: fileURLToPath(import.meta.resolve("@lexeme/worker")),
    execArgv: ["--import", TYPESCRIPT_LOADER],
  };
}
