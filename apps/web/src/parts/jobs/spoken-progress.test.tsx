/** @file Those who listen hear the beginning, each tenth and the end of a job, and not every step. */
import { act, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { useJobProgress, useJobs, applyEvents, applySnapshot } from "../../state/jobs.ts";
import { draw } from "../../testing/page.ts";
import { trainingRow } from "../../testing/rows.ts";
import { SpokenProgress } from "./spoken-progress.tsx";

function Spoken({ id }: { id: string }) {
  const job = useJobs(({ jobs }) => jobs[id]);
  const progress = useJobProgress(id);
  if (job === undefined) return null;
  return <SpokenProgress job={job} progress={progress} text={`${job.state} ${progress?.step ?? 0}`} />;
}

test("the status changes at the beginning, at each tenth and at the end, and stays the same at every other step", () => {
  const job = trainingRow({}, { state: "queued" });
  applySnapshot([job]);
  draw(<Spoken id={job.id} />);
  const heard = [screen.getByRole("status").textContent];
  const listen = (): void => {
    const { textContent } = screen.getByRole("status");
    if (heard.at(-1) !== textContent) heard.push(textContent);
  };
  act(() => applyEvents([{ type: "job", job: { ...job, state: "running" } }]));
  listen();
  for (let step = 1; step <= 200; step++) {
    const progress = { phase: "training" as const, step, steps: 200, secondsPerStep: 1, etaSeconds: null };
    act(() => applyEvents([{ type: "progress", jobId: job.id, progress }]));
    listen();
  }
  const last = { phase: "training" as const, step: 200, steps: 200, secondsPerStep: null, etaSeconds: null };
  act(() => applyEvents([{ type: "job", job: { ...job, state: "done", progress: last } }]));
  listen();
  const tenths = Array.from({ length: 10 }, (_, i) => `running ${(i + 1) * 20}`);
  expect(heard).toEqual(["queued 0", "running 0", ...tenths, "done 200"]);
});
