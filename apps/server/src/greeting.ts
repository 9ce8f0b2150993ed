/** @file The text that the server prints when it has started: its address, checkpoints, device and folders. */
import { networkInterfaces } from "node:os";
import type { WorkerReport } from "./jobs/running/worker-process.ts";
import type { Services } from "./services.ts";
import { PROGRAM_VERSION } from "./version.ts";

export async function greeting(services: Services, address: { host: string; port: number }): Promise<string> {
  const { config, folders, checkpoints } = services;
  const all = await checkpoints.list();
  const usable = all.filter(({ unsupportedReason }) => unsupportedReason === null);
  const chosen = await checkpoints.chosen();
  const refused = all.filter(({ unsupportedReason }) => unsupportedReason !== null);
  const lines = [
    `Lexeme ${PROGRAM_VERSION}`,
    "",
    ...urlsOf(config.host, address.port).map((url) => `  Open         ${url}`),
    `  Checkpoints  ${usable.map(({ name, isDemo }) => `${name}${isDemo ? " (demo)" : ""}${name === chosen ? " *" : ""}`).join(", ") || "none that can be used"}`,
    ...refused.map(({ name, unsupportedReason }) => `               cannot use ${name}: ${unsupportedReason}`),
    `  Device       ${config.device}${config.device === "cpu" ? "" : ", to be tested first"}${config.threads === null ? "" : `, ${config.threads} threads`}`,
    `  Data folder  ${folders.dataDir}`,
    `  Models go to ${folders.checkpoints}`,
    `  Sign-in      ${config.auth === null ? "none" : `as ${config.auth.user}`}`,
    ...services.health.troubles.map(({ sentence }) => `  Trouble      ${sentence}`),
    "",
    "  Ctrl+C stops it.",
  ];
  return lines.join("\n");
}

/** A line with the result of the worker's test of a device other than the CPU; undefined for the CPU, which needs no test. */
export function deviceVerdict({ asked, used, fallbackReason }: WorkerReport): string | undefined {
  if (asked === "cpu") return undefined;
  return fallbackReason === null
    ? `  Device       ${used} passed its test`
    : `  Device       ${used}, not ${asked}: ${fallbackReason}`;
}

/** URLs to click. If the server listens on all addresses: the URL for this machine itself, and the URLs for other machines in the network. */
function urlsOf(host: string, port: number): string[] {
  const url = (name: string): string => `http://${name.includes(":") ? `[${name}]` : name}:${port}`;
  if (host !== "0.0.0.0" && host !== "::") return [url(host)];
  const outside = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, family }) => !internal && family === "IPv4");
  return [url("127.0.0.1"), ...outside.map(({ address }) => url(address))];
}
