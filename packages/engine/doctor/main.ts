/**
 * @file `npm run doctor`: tests and measures every device and prints text to paste into an issue. Progress goes to standard error, the text to
 * standard output.
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

Tests which devices work on this machine, compares their results with the CPU's, measures speed and memory, and says what a device
still needs. Prints text to paste into an issue. At the size of Stable Diffusion 1.5, the CPU alone takes several minutes.

  --small        measure the small demo model instead of the size of Stable Diffusion 1.5
  --device NAME  test only the CPU and this device; may be repeated (${DEVICES.join(", ")})
  --threads N    number of threads on the CPU (default: all cores)`;

const options = readOptions();
if (typeof options === "string") {
  process.stderr.write(`${options}\n`);
  process.exitCode = 2;
} else if (options.help) {
  process.stdout.write(`${HELP}\n`);
} else {
  // The "exit" event then ends the running check and deletes the random checkpoint.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));
  await diagnose(options);
}

interface DoctorOptions {
  readonly help: boolean;
  readonly isSmall: boolean;
  readonly devices: readonly Device[];
  readonly threads: number;
}

/** The options, or a sentence about an option that cannot be read. */
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
    if (unknown !== undefined) return `There is no device "${unknown}": choose one of ${DEVICES.join(", ")}`;
    const threads = Number(values.threads);
    if (!Number.isInteger(threads) || threads < 1)
      return `--threads needs a whole number from 1, not "${values.threads}"`;
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
