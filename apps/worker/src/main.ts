/** @file The process that computes, one for each lane. Talks to the server over IPC and ends when the server does. */
import type { ServerToWorker } from "@lexeme/protocol";
import { constants, setPriority } from "node:os";
import { Worker } from "./worker.ts";

if (!process.send) {
  process.stderr.write("The worker is started by the server, with an IPC channel; start Lexeme with: npm start\n");
  process.exit(2);
}

// The server shares these cores and must answer at once, whatever is computed here.
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
    // Not a job's failure but the worker's own: the server sees the exit, the reason is in the log, and another worker takes over.
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  });
});

// Without a server there is nobody to work for.
process.on("disconnect", () => process.exit(0));
// Ctrl+C, a closed terminal and systemd reach the whole group: the server decides what becomes of a running job, and ends this
// process itself.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => {});
