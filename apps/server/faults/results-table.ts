/** @file The campaign's table, as Markdown. */
import type { TrialResult } from "./trial.ts";

export function formatResults(results: readonly TrialResult[]): string {
  const rows = results.map(({ trial, tries, failures, remark, seconds }) => [
    trial.fault,
    trial.promise,
    String(tries),
    failures.length === 0 ? "held" : `**broken ${failures.length} times**`,
    remark,
    `${Math.round(seconds)} s`,
  ]);
  const head = ["Fault", "Promise", "Tries", "Result", "Remark", "Time"];
  const lines = [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  const broken = results.flatMap(({ trial, failures }) => failures.map((failure) => `- ${trial.name}: ${failure}`));
  return [...lines, ...(broken.length === 0 ? [] : ["", ...broken])].join("\n");
}
