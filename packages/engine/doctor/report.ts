/** @file Formats the doctor's findings as text for an issue. The tables are readable both as plain text and as Markdown. */
import type { Measurement, PictureSides } from "../bench/measurement.ts";
import { MAX_ERROR, SELF_TEST_PARTS } from "../src/self-test-parts.ts";
import { withoutPlaces, type MachineLine } from "./machine.ts";
import type { DeviceFinding, SpeedFinding } from "./run-checks.ts";

export interface Findings {
  readonly machine: readonly MachineLine[];
  readonly devices: readonly DeviceFinding[];
  readonly speeds: readonly SpeedFinding[];
  readonly sides: PictureSides;
  /** The checkpoint of the speed measurements and, if it is the small one, the reason. */
  readonly checkpoint: string;
}

const STATES: Record<DeviceFinding["state"], string> = {
  works: "works",
  wrong: "wrong results",
  failed: "fails",
  absent: "unavailable",
};

export function formatReport(findings: Findings): string {
  const parts = [
    "Lexeme's doctor",
    findings.machine.map(([subject, text]) => `${subject}: ${text}`).join("\n"),
    `Devices: results on the demo checkpoint compared with the CPU's. A number is the largest difference divided by the largest value; up to ${MAX_ERROR} is accepted.`,
    formatTable(["device", "state", ...SELF_TEST_PARTS, "seconds"], findings.devices.map(deviceRow)),
    ...findings.devices.flatMap(deviceNotes),
    `Speed with ${findings.checkpoint}. "Open" is the time to read the checkpoint and open the session, "first" that of the first run; memory is the peak.`,
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

/** The reason why a device does not work, and the parts that it still needs. */
function deviceNotes({ device, state, reason, missing }: DeviceFinding): string[] {
  if (state === "works" && reason === null) return [];
  const why = reason ?? "its results differ from the CPU's; please report this text";
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
      return `UNet, one call, ${draw} x ${draw}`;
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
