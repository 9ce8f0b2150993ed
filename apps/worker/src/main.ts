/** @file The process that computes, one for each lane. It talks to the server over IPC and ends when the server ends. */
import type { ServerToWorker } from "@lexeme/protocol";
import { constants, setPriority } from "node:os";
import { Worker } from "./worker.ts";

if (!process.send) {
  process.stderr.write("The worker is started by the server, with an IPC channel; start Lexeme with: npm start\n");
  process.exit(2);
}

// The server shares these cores and must answer at once, even while the worker computes.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

const worker = new Worker({
  send: (message) => {
    if (process.connected) process.send?.(message);
  },
  logError: (error) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  },
});

process.on("message", (message: ServerToWorker) => {
  worker.handle(message).catch((error: unknown) => {
    // This is a failure of the worker and not of a job: the server sees the exit, the reason is in the log, and another worker takes over.
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  });
});

// Without a server the worker has no work.
process.on("disconnect", () => process.exit(0));
// Ctrl+C, a closed terminal and systemd reach the whole group: the server decides about a running job, and ends this
// process itself.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => {});
