/** @file The clock of the machine jumps while pages listen and pictures are drawn: events, jobs and sign-in go on. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Job } from "@lexeme/protocol";
import { Listener } from "../listener.ts";
import { Program } from "../program.ts";
import type { Trial } from "../trial.ts";

const HOUR_S = 3600;
const JUMPS_S = [-HOUR_S, HOUR_S, -24 * HOUR_S, 30 * 24 * HOUR_S, -365 * 24 * HOUR_S, 0];
/** An event reaches a page within a second; a busy machine needs more. */
const EVENT_LIMIT_MS = 20_000;

export const clockJumps: Trial = {
  name: "clock",
  fault: "the clock jumps by an hour, a day, a month and a year, forwards and back",
  promise: "events, jobs and sign-in go on",
  tries: { whole: 12, short: 1 },
  async run({ dataDir, tries, say, fail }) {
    const clock = join(dataDir, "clock");
    await writeFile(clock, "0");
    const password = "user:password-of-the-trial";
    const program = await Program.start(dataDir, {
      preload: [new URL("../jumping-clock.mjs", import.meta.url).href],
      env: { LEXEME_TEST_CLOCK: clock, LEXEME_API_AUTH: password },
    });
    const page = await Listener.open(program.url);
    let slowestMs = 0;
    for (let round = 0; round < tries; round++) {
      const jump = JUMPS_S[round % JUMPS_S.length] ?? 0;
      await writeFile(clock, String(jump * 1000));
      const startedMs = performance.now();
      const job = await program.create("txt2img", { prompt: "a man", width: 64, height: 64, steps: 1 });
      const isSeen = await page.sees(
        (message) => message.includes(job.id) && message.includes('"state":"done"'),
        EVENT_LIMIT_MS,
      );
      slowestMs = Math.max(slowestMs, performance.now() - startedMs);
      if (!isSeen) {
        const now = await program.demand<Job>("GET", `/api/jobs/${job.id}`);
        fail(`jump of ${jump} s: no event of the picture's end in ${EVENT_LIMIT_MS / 1000} s; the job is ${now.state}`);
      }
      const authorization = `Basic ${Buffer.from(password).toString("base64")}`;
      const { status } = await fetch(`${program.url}/sdapi/v1/samplers`, { headers: { authorization } });
      if (status !== 200) fail(`jump of ${jump} s: a program with the right password gets ${status}`);
      say(`jump ${round + 1} of ${tries}`);
    }
    page.close();
    await program.stop();
    return `the slowest picture took ${(slowestMs / 1000).toFixed(1)} s`;
  },
};
