/** @file The program of `npm start`: reads the options, builds the server, listens, prints a greeting, and closes everything in order on Ctrl+C. */
import { LexemeError } from "@lexeme/core";
import { pino } from "pino";
import { buildApp, type LexemeApp } from "./app.ts";
import { parseConfig, type ServerConfig } from "./config.ts";
import { explainFileError } from "./errors.ts";
import { deviceVerdict, greeting } from "./greeting.ts";

/** The longest time that a stop may take: a training finishes its step and saves, then the database closes. */
const STOP_LIMIT_MS = 30_000;

try {
  const config = parseConfig(process.argv.slice(2), process.env);
  if (config !== null) await run(config);
} catch (error) {
  fail(error);
}

async function run(config: ServerConfig): Promise<void> {
  const logger = pino({
    level: config.logLevel,
    transport: { target: "pino-pretty", options: { destination: 2, ignore: "pid,hostname" } },
  });
  const app = await buildApp({ config, logger });
  endOnSignals(app);
  try {
    await listen(app, config);
  } catch (error) {
    await app.close();
    throw error;
  }
  process.stdout.write(`${await greeting(app.services, addressOf(app))}\n`);
  sayDevice(app);
  // A server without its job list is useless, so it ends and prints the reason.
  app.services.jobs.ready.catch(async (error: unknown) => {
    await app.close();
    fail(error);
  });
}

/** Prints the test result of the requested device once: the test may end long after the greeting. */
function sayDevice({ services: { events, deviceStatus } }: LexemeApp): void {
  const look = (): void => {
    if (deviceStatus.report === null) return;
    unlisten();
    const verdict = deviceVerdict(deviceStatus.report);
    if (verdict !== undefined) process.stdout.write(`${verdict}\n`);
  };
  const unlisten = events.listen(look);
  look();
}

async function listen({ server }: LexemeApp, { host, port }: ServerConfig): Promise<void> {
  try {
    await server.listen({ host, port });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "EADDRINUSE") {
      throw new LexemeError(
        "PORT_TAKEN",
        `Port ${port} is taken, perhaps by another Lexeme or by A1111: stop that program, or choose another port with --port ${port + 1}`,
        { cause },
      );
    }
    if (code === "EACCES") {
      throw new LexemeError(
        "ADDRESS_UNUSABLE",
        `This user may not listen on port ${port}: choose a port above 1023, such as --port 7860`,
        { cause },
      );
    }
    if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") {
      throw new LexemeError(
        "ADDRESS_UNUSABLE",
        `This machine has no address "${host}": give one of its addresses with --host, or 0.0.0.0 for all`,
        { cause },
      );
    }
    throw cause;
  }
}

function addressOf({ server }: LexemeApp): { host: string; port: number } {
  const address = server.server.address();
  if (address === null || typeof address === "string") throw new TypeError("the server does not listen");
  return { host: address.address, port: address.port };
}

function endOnSignals(app: LexemeApp): void {
  // A time of `performance.now()`: a clock that is set back must not make the second Ctrl+C the first one again.
  let askedAtMs: number | undefined;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      // A second Ctrl+C ends the server at once. The same Ctrl+C can arrive twice, from the terminal and from npm.
      if (askedAtMs !== undefined && performance.now() - askedAtMs < 1000) return;
      if (askedAtMs !== undefined) process.exit(130);
      askedAtMs = performance.now();
      process.stdout.write("\nStopping; a running training saves its progress (press Ctrl+C again to end at once)\n");
      setTimeout(() => process.exit(1), STOP_LIMIT_MS).unref();
      app.close().then(() => process.exit(0), fail);
    });
  }
}

/** Prints a sentence for a fault that a user can mend, and the stack for any other fault, because that is a bug of Lexeme. */
function fail(cause: unknown): never {
  const error = explainFileError(cause);
  const text =
    error instanceof LexemeError
      ? error.message
      : error instanceof Error
        ? (error.stack ?? error.message)
        : String(error);
  process.stderr.write(`${text}\n`);
  process.exit(1);
}
