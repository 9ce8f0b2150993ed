/** @file The gate, `pnpm ok`: every check and every test, stopping at the first stage that fails. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { formatLineBudget } from "./line-budget.ts";
import { reportSetupErrors, SetupError } from "./setup/setup-error.mjs";
import { say } from "./setup/workspace.mjs";
import { STAGES, type Stage, type StageContext } from "./stages.ts";

const HELP = `Usage: pnpm ok [--only STAGE] [--from STAGE]
Stages: ${STAGES.map(({ name }) => name).join(" ")}`;

/**
 * The stages selected by the arguments.
 *
 * @throws SetupError for a stage that does not exist
 */
function chooseStages(options: { only?: string | undefined; from?: string | undefined }): readonly Stage[] {
  for (const name of [options.only, options.from]) {
    if (name !== undefined && !STAGES.some((stage) => stage.name === name)) {
      throw new SetupError(`There is no stage "${name}"\n${HELP}`);
    }
  }
  if (options.only !== undefined) return STAGES.filter(({ name }) => name === options.only);
  if (options.from === undefined) return STAGES;
  return STAGES.slice(STAGES.findIndex(({ name }) => name === options.from));
}

/**
 * Runs the stages and prints the verdict. The last line is `N passed, N failed` over all tests; a failed
 * stage without tests counts as one failed test.
 */
async function runStages(stages: readonly Stage[], context: StageContext): Promise<void> {
  const timings: string[] = [];
  const sum = { passed: 0, failed: 0 };
  for (const stage of stages) {
    say(`\n== ${stage.name}`);
    const startedMs = performance.now();
    const { ok, counts } = await runStage(stage, context);
    timings.push(`${stage.name} ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
    sum.passed += counts?.passed ?? 0;
    sum.failed += counts?.failed ?? 0;
    if (ok) continue;
    if ((counts?.failed ?? 0) === 0) sum.failed += 1;
    say(`\nFAILED at ${stage.name}: ${stage.advice}`);
    process.exitCode = 1;
    break;
  }
  if (process.exitCode !== 1 && stages === STAGES) say(`\n${formatLineBudget()}`);
  say(`\n${timings.join(" · ")}\n`);
  say(`${sum.passed} passed, ${sum.failed} failed`);
}

/** A stage that cannot start, because a tool or browser is missing, prints the reason and counts as failed. */
async function runStage(stage: Stage, context: StageContext) {
  try {
    return await stage.run(context);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(error.message);
    return { ok: false };
  }
}

await reportSetupErrors(async () => {
  const { values } = parseArgs({
    options: { only: { type: "string" }, from: { type: "string" }, help: { type: "boolean" } },
  });
  if (values.help) return say(HELP);
  const context: StageContext = { reportsDir: mkdtempSync(path.join(tmpdir(), "lexeme-ok-")) };
  try {
    await runStages(chooseStages(values), context);
  } finally {
    rmSync(context.reportsDir, { recursive: true, force: true });
  }
});
