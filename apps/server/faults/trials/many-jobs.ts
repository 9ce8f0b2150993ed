/** @file Many jobs in the queue, and the server killed between them: none is lost, none runs twice, and their order stays. */
import type { Job } from "@lexeme/protocol";
import { Program } from "../program.ts";
import type { Trial } from "../trial.ts";

export const manyJobs: Trial = {
  name: "jobs",
  fault: "waiting jobs, and `kill -9` of the server in between",
  promise: "none lost, none twice, in order",
  tries: { whole: 1200, short: 9 },
  async run({ dataDir, tries, say, fail }) {
    let program = await Program.start(dataDir);
    const settings = { prompt: "a man", width: 64, height: 64, steps: 1, cfgScale: 1 };
    const ids: string[] = [];
    let slowestMs = 0;
    for (let index = 0; index < tries; index++) {
      const startedMs = performance.now();
      ids.push((await program.create("txt2img", { ...settings, seed: `${BigInt(index)}` })).id);
      slowestMs = Math.max(slowestMs, performance.now() - startedMs);
    }
    say(`${tries} jobs wait`);
    const killEvery = Math.ceil(tries / (tries > 100 ? 6 : 2));
    const ended: Job[] = [];
    for (const [index, id] of ids.entries()) {
      ended.push(await program.ended(id));
      if (index % killEvery !== killEvery - 1 || index === ids.length - 1) continue;
      say(`${index + 1} of ${tries} jobs have ended: kill`);
      await program.kill();
      program = await Program.start(dataDir);
    }
    for (const [index, job] of ended.entries())
      if (job.state !== "done") fail(`job ${index} ended as ${job.state}: ${job.error?.message ?? ""}`);
      else if (job.results.artifacts.length !== 1) fail(`job ${index} has ${job.results.artifacts.length} pictures`);
    const starts = ended.map(({ startedAt }) => startedAt ?? 0);
    for (const [index, start] of starts.entries())
      if (index > 0 && start < (starts[index - 1] ?? 0)) fail(`job ${index} began before job ${index - 1}`);
    await program.stop();
    return `the slowest answer to a new job took ${Math.round(slowestMs)} ms`;
  },
};
