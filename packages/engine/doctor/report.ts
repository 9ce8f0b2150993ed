/** @file The doctor's findings as text that can be pasted into an issue: tables that read well plain and as Markdown. */
import type { Measurement, PictureSides } from "../bench/measurement.ts";
import { MAX_ERROR, SELF_TEST_PARTS } from "../src/self-test-parts.ts";
import { withoutPlaces, type MachineLine } from "./machine.ts";
import type { DeviceFinding, SpeedFinding } from "./run-checks.ts";

export interface Findings {
  readonly machine: readonly MachineLine[];
  readonly devices: readonly DeviceFinding[];
  readonly speeds: readonly SpeedFinding[];
  readonly sides: PictureSides;
  /** The checkpoint that speeds were measured on, and why it was not the large one where that was asked for. */
  readonly checkpoint: string;
}

const STATES: Record<DeviceFinding["state"], string> = {
  works: "works",
  wrong: "wrong numbers",
  failed: "fails",
  absent: "not here",
};

export function formatReport(findings: Findings): string {
  const parts = [
    "Lexeme's doctor",
    findings.machine.map(([subject, text]) => `${subject}: ${text}`).join("\n"),
    `Devices, each computing on the demo checkpoint what the CPU computes. Differences are the largest over the largest value; up to ${MAX_ERROR} is right.`,
    formatTable(["device", "state", ...SELF_TEST_PARTS, "seconds"], findings.devices.map(deviceRow)),
    ...findings.devices.flatMap(deviceNotes),
    `Speed with ${findings.checkpoint}. "Open" reads the checkpoint and builds the session, "first" is the first run; memory is the largest.`,
    formatTable(
      ["device", "measured", "open s", "first s", "seconds", "process GB", "card GB"],
      findings.speeds.map((speed) => speedRow(speed, findings.sides)),
    ),
    ...findings.speeds.flatMap(({ device, name, reason }) =>
      reason === null ? [] : [`${device}, ${titleOf(name, findings.sides)}: ${reason}`],
    ),
  ];
  return `${withoutPlaces(parts.join("\n\n"))}\n`;
}

function deviceRow({ device, state, errors, seconds }: DeviceFinding): string[] {
  const isReference = device === "cpu";
  const numbers = SELF_TEST_PARTS.map((part) => {
    const error = errors[part];
    if (error === undefined) return "-";
    return isReference && error === 0 ? "same" : error.toExponential(1);
  });
  return [device, STATES[state], ...numbers, seconds?.toFixed(1) ?? "-"];
}

/** Why a device does not work, and what would make it work. */
function deviceNotes({ device, state, reason, missing }: DeviceFinding): string[] {
  if (state === "works" && reason === null) return [];
  const why = reason ?? "it computes, but not what the CPU does: please report it with this text";
  const lines = [`${device}: ${why}`, ...missing.map(({ part, source }) => `- missing: ${part} (${source})`)];
  return [lines.join("\n")];
}

function speedRow({ device, name, result, cardGb }: SpeedFinding, sides: PictureSides): string[] {
  const numbers =
    result === null
      ? ["-", "-", "failed", "-"]
      : [
          result.openSeconds.toFixed(2),
          result.firstSeconds.toFixed(2),
          result.seconds.toFixed(3),
          result.peakGb.toFixed(2),
        ];
  return [device, titleOf(name, sides), ...numbers, cardGb?.toFixed(2) ?? "-"];
}

function titleOf(name: Measurement, { train, draw }: PictureSides): string {
  switch (name) {
    case "step":
      return `training step, ${train} x ${train}`;
    case "unet":
      return `UNet once, ${draw} x ${draw}`;
    case "vae":
      return `VAE decode, ${draw} x ${draw}`;
    case "picture":
      return `picture of 20 steps, ${draw} x ${draw}`;
    default:
      throw new TypeError(`no measurement ${JSON.stringify(name satisfies never)}`);
  }
}

function formatTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((cell, column) => Math.max(cell.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [line(header), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}
