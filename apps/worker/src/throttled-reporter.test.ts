import type { JobProgress } from "@lexeme/domain/jobs";
import type { WorkerToServer } from "@lexeme/protocol";
import { expect, test } from "vitest";
import { throttledReporter } from "./throttled-reporter.ts";

const progress = (step: number, phase: JobProgress["phase"] = "training"): JobProgress => {
  return { phase, step, steps: 1000, secondsPerStep: null, etaSeconds: null };
};

test("a hundred steps a second become ten messages, the newest progress and every metric among them", () => {
  const sent: WorkerToServer[] = [];
  let clock = 0;
  const reporter = throttledReporter(
    "job",
    (message) => sent.push(message),
    () => clock,
  );
  for (let step = 1; step <= 200; step++) {
    clock += 10;
    reporter.metric({ step, loss: 1, learnRate: 1 });
    reporter.progress(progress(step));
  }
  reporter.flush();
  const reports = sent.filter((message) => message.type === "progress");
  expect(reports.length).toBeLessThanOrEqual(22);
  expect(reports.at(-1)!.progress.step).toBe(200);
  const points = sent.flatMap((message) => (message.type === "metrics" ? message.points : []));
  expect(points.map(({ step }) => step)).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
});

test("the last report before a wait is sent, so that the server knows for which file a job waits", async () => {
  const sent: WorkerToServer[] = [];
  const reporter = throttledReporter("job", (message) => sent.push(message));
  for (const file of ["01.png", "02.png", "hangs.png"])
    reporter.progress({ ...progress(0, "encoding-pictures"), file });
  await expect.poll(() => sent.at(-1)).toMatchObject({ progress: { file: "hangs.png" } });
  expect(sent).toHaveLength(2);
});

test("a new phase is reported at once, previews at most five times a second", () => {
  const sent: WorkerToServer[] = [];
  let clock = 0;
  const reporter = throttledReporter(
    "job",
    (message) => sent.push(message),
    () => clock,
  );
  reporter.progress(progress(1, "loading-checkpoint"));
  reporter.progress(progress(2, "training"));
  expect(sent).toHaveLength(2);
  for (let step = 0; step < 100; step++, clock += 10) reporter.preview({ dataUrl: "data:", step, steps: 100 });
  expect(sent.filter(({ type }) => type === "preview")).toHaveLength(5);
});
