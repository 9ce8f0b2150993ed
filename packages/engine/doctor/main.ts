/**
 * @file `npm run doctor`: says which devices compute here, whether they are right and how fast they are, as text to paste into an issue. What it
 * is doing goes to standard error, the text to standard output.
 */
import { DEVICES, type Device } from "@lexeme/domain/jobs";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { MEASUREMENTS } from "../bench/measurement.ts";
import { chooseCheckpoint, DEMO_CHECKPOINT, freeBytes } from "./choose-checkpoint.ts";
import { describeMachine } from "./machine.ts";
import { formatReport } from "./report.ts";
import { findDevice, findSpeed, type DeviceFinding, type SpeedFinding } from "./run-checks.ts";

const HELP = `Usage: npm run doctor [-- OPTIONS]

Says which devices compute here, whether they are right and how fast they are, as text to paste into an issue. At the size of
Stable Diffusion 1.5 this takes about a minute on a fast card and ten on two cores.

  --small        measure with the small demo model, which takes seconds and little memory
  --device NAME  look at this device and the CPU only; may be repeated (${DEVICES.join(", ")})
  --threads N    threads to compute with on the CPU (default: all cores)`;

const options = readOptions();
if (typeof options === "string") {
  process.stderr.write(`${options}\n`);
  process.exitCode = 2;
} else if (options.help) {
  process.stdout.write(`${HELP}\n`);
} else {
  // Ends this process, and with it the check that runs, by way of "exit".
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));
  await diagnose(options);
}

interface DoctorOptions {
  readonly help: boolean;
  readonly isSmall: boolean;
  readonly devices: readonly Device[];
  readonly threads: number;
}

/** A sentence for what cannot be read. */
function readOptions(): DoctorOptions | string {
  try {
    const { values } = parseArgs({
      options: {
        help: { type: "boolean", short: "h", default: false },
        small: { type: "boolean", default: false },
        device: { type: "string", multiple: true, default: [...DEVICES] },
        threads: { type: "string", default: String(availableParallelism()) },
      },
    });
    const unknown = values.device.find((name) => !DEVICES.some((device) => device === name));
    if (unknown !== undefined) return `There is no device "${unknown}"; there are ${DEVICES.join(", ")}`;
    const threads = Number(values.threads);
    if (!Number.isInteger(threads) || threads < 1) return `--threads takes a number from 1, not "${values.threads}"`;
    const devices = DEVICES.filter((device) => device === "cpu" || values.device.includes(device));
    return { help: values.help, isSmall: values.small, devices, threads };
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}\n\n${HELP}`;
  }
}

async function diagnose({ devices, threads, isSmall }: DoctorOptions): Promise<void> {
  const found: DeviceFinding[] = [];
  for (const device of devices) {
    say(`checking ${device}`);
    found.push(await findDevice({ device, threads, checkpointPath: DEMO_CHECKPOINT }));
  }
  const machine = await describeMachine({ threads, ortVersion: found[0]?.ortVersion ?? null });
  const { sides, path: checkpointPath, description } = await chooseCheckpoint(isSmall, say);
  const speeds: SpeedFinding[] = [];
  for (const { device, state } of found) {
    if (state === "absent" || state === "failed") continue;
    for (const name of MEASUREMENTS) {
      say(`measuring on ${device}: ${name}`);
      speeds.push(await findSpeed(name, { device, threads, checkpointPath, sides, usableBytes: freeBytes() }));
    }
  }
  process.stdout.write(`\n${formatReport({ machine, devices: found, speeds, sides, checkpoint: description })}`);
}

function say(line: string): void {
  process.stderr.write(`${line} …\n`);
}
