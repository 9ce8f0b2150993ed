/** @file Lists the graphics cards and samples their memory, with programs that come with the system or the driver. */
import { execFile } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

const COMMAND_LIMIT_MS = 10_000;
const SAMPLE_MS = 300;

type Command = readonly [program: string, ...args: string[]];

const NVIDIA: Command = ["nvidia-smi", "--query-gpu=name,driver_version,memory.total", "--format=csv,noheader"];
const NVIDIA_MEMORY: Command = ["nvidia-smi", "--query-gpu=memory.used", "--format=csv,noheader,nounits"];
const BY_SYSTEM: Partial<Record<NodeJS.Platform, Command>> = {
  linux: ["lspci"],
  win32: [
    "powershell",
    "-NoProfile",
    "-Command",
    "Get-CimInstance Win32_VideoController | ForEach-Object { $_.Name + ', ' + $_.DriverVersion }",
  ],
  darwin: ["system_profiler", "SPDisplaysDataType", "-detailLevel", "mini"],
};

/** One line for each card, such as "NVIDIA H200, 580.159.03, 143771 MiB": the name and, where known, driver and memory. */
export async function listCards(): Promise<string[]> {
  const nvidia = await linesOf(NVIDIA);
  if (nvidia.length > 0) return nvidia;
  const command = BY_SYSTEM[process.platform];
  const lines = command === undefined ? [] : await linesOf(command);
  switch (process.platform) {
    case "linux":
      return lines.filter((line) => /VGA|3D|Display/.test(line)).map((line) => line.replace(/^\S+ [^:]*: /, ""));
    case "darwin":
      return lines.filter((line) => line.includes("Chipset Model:")).map((line) => line.replace(/.*: /, ""));
    default:
      return lines;
  }
}

/** Samples the memory in use on all cards until `stop`, which returns the largest growth in GB, or null where no program reports it. */
export async function watchCardMemory(): Promise<{ stop: () => Promise<number | null> }> {
  const before = await usedMib();
  if (before === null) return { stop: async () => null };
  const end = new AbortController();
  let most = before;
  const watching = (async () => {
    while (!end.signal.aborted) {
      most = Math.max(most, (await usedMib()) ?? 0);
      await sleep(SAMPLE_MS, undefined, { signal: end.signal }).catch(() => undefined);
    }
  })();
  return {
    async stop() {
      end.abort();
      await watching;
      return ((most - before) * 2 ** 20) / 1e9;
    },
  };
}

/** The sum over all cards. */
async function usedMib(): Promise<number | null> {
  const lines = await linesOf(NVIDIA_MEMORY);
  return lines.length === 0 ? null : lines.reduce((sum, line) => sum + Number(line), 0);
}

/** The lines that a program prints; none if it is missing or fails. */
async function linesOf([program, ...args]: Command): Promise<string[]> {
  try {
    const { stdout } = await promisify(execFile)(program, args, { timeout: COMMAND_LIMIT_MS, windowsHide: true });
    return stdout
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "");
  } catch {
    return [];
  }
}
