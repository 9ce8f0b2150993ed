/** @file Describes this machine and this program in a few lines, without the user's name, the machine's name and paths. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { arch, cpus, freemem, homedir, platform, release, tmpdir, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { listCards } from "./cards.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** A subject and its description, such as ["CPU", "AMD EPYC, 2 cores"]. */
export type MachineLine = readonly [subject: string, text: string];

export async function describeMachine({
  threads,
  ortVersion,
}: {
  threads: number;
  ortVersion: string | null;
}): Promise<MachineLine[]> {
  const cards = await listCards();
  const processors = cpus();
  return [
    [
      "Program",
      `Lexeme ${await programVersion()}, ONNX Runtime ${ortVersion ?? "(does not load)"}, Node ${process.version}`,
    ],
    ["System", `${await systemName()}, ${arch()}`],
    ["CPU", `${processors[0]?.model.trim() ?? "unknown"}, ${processors.length} cores, ${threads} threads used`],
    ["Memory", `${gb(totalmem())} GB, ${gb(freemem())} GB of it free`],
    ...(cards.length === 0 ? ["none found"] : cards).map((card) => ["Card", card] as const),
  ];
}

/** The text without the folders that can contain the user's name. */
export function withoutPlaces(text: string): string {
  const places: readonly [string, string][] = [
    [ROOT, ""],
    [tmpdir(), "(temporary files)"],
    [homedir(), "~"],
  ];
  return places.reduce((short, [place, name]) => (place.length < 2 ? short : short.replaceAll(place, name)), text);
}

async function programVersion(): Promise<string> {
  const { version } = JSON.parse(await readFile(`${ROOT}/package.json`, "utf8")) as { version: string };
  try {
    const { stdout } = await promisify(execFile)("git", ["rev-parse", "--short", "HEAD"], { cwd: ROOT });
    return `${version} at ${stdout.trim()}`;
  } catch {
    return version;
  }
}

/** On Linux with the distribution, because the names of packages depend on it. */
async function systemName(): Promise<string> {
  const kernel = `${platform()} ${release()}`;
  if (platform() !== "linux") return kernel;
  const text = await readFile("/etc/os-release", "utf8").catch(() => "");
  const name = /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(text)?.[1];
  return name === undefined ? kernel : `${name}, ${kernel}`;
}

function gb(bytes: number): string {
  return (bytes / 1e9).toFixed(1);
}
