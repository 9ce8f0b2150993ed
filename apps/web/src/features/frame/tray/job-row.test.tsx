/** @file One job in the tray, in each of its states. */
import { LexemeError } from "@lexeme/core";
import { toWireError } from "@lexeme/protocol";
import { cleanup, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { applyEvents, applySnapshot, jobsStore } from "../../../state/jobs.ts";
import { trainForm } from "../../../state/forms.ts";
import { chooseForTraining } from "../../../state/training-choice.ts";
import { draw, serve } from "../../../testing/page.ts";
import { drawingRow, trainingRow } from "../../../testing/rows.ts";
import { JobRow } from "./job-row.tsx";

test("a running training shows its progress, and is stopped so that the learned vectors are kept", async () => {
  const job = trainingRow({});
  applySnapshot([job]);
  const progress = { phase: "training" as const, step: 412, steps: 1200, secondsPerStep: 1.1, etaSeconds: 840 };
  applyEvents([{ type: "progress", jobId: job.id, progress }]);
  const asked = serve({ stopJob: { ...job, stopping: true } });
  const user = draw(<JobRow job={job} />);
  expect(screen.getByText("412 of 1,200 · 1.1 s/step · 14 min left")).toBeDefined();
  await user.click(screen.getByText("Stop"));
  expect(asked.map(({ route }) => route)).toEqual(["stopJob"]);
});

test("a drawing has nothing to keep: it is cancelled", async () => {
  const job = drawingRow({ prompt: "a cat" }, { state: "queued" });
  const asked = serve({ cancelJob: job });
  const user = draw(<JobRow job={job} />);
  expect(screen.getByText("Waiting")).toBeDefined();
  await user.click(screen.getByText("Cancel"));
  expect(asked.map(({ route }) => route)).toEqual(["cancelJob"]);
});

test("a failed training shows the reason, and goes on from its last copy", async () => {
  const copies = [100, 300, 200].map((step) => ({ kind: "copy" as const, path: `mira-${step}.pt`, step }));
  const job = trainingRow(
    {},
    {
      state: "failed",
      error: toWireError(new LexemeError("DISK_FULL", "The disk is full")),
      results: { artifacts: copies, warnings: [] },
    },
  );
  const asked = serve({ retryJob: job });
  const user = draw(<JobRow job={job} />);
  expect(screen.getByText("The disk is full")).toBeDefined();
  await user.click(screen.getByText("Go on from step 300"));
  expect(asked.map(({ route }) => route)).toEqual(["retryJob"]);
});

test("a failed training that was continued no longer counts as failed", () => {
  const error = toWireError(new LexemeError("DISK_FULL", "The disk is full"));
  draw(<JobRow job={trainingRow({}, { state: "failed", error })} isContinued />);
  expect(screen.getByText("Failed, and continued since")).toBeDefined();
  expect(screen.queryByText("The disk is full")).toBeNull();
  expect(screen.queryByText("Try again")).toBeNull();
});

test("a training's title leads to Train with its embedding chosen", async () => {
  chooseForTraining("vera");
  const user = draw(<JobRow job={trainingRow({})} />);
  await user.click(screen.getByRole("link", { name: 'Train "mira"' }));
  expect(trainForm.read().values.embeddingName).toBe("mira");
});

test("a job that is over is removed from the list, and its log is in the details", async () => {
  const job = drawingRow({}, { state: "done", finishedAt: 3000, logTail: ["drew 1 picture"] });
  applySnapshot([job]);
  serve({ removeJob: {} });
  const user = draw(<JobRow job={job} />);
  expect(screen.getByText("Done · in 3 s")).toBeDefined();
  await user.click(screen.getByText("Details"));
  expect(screen.getByText("drew 1 picture")).toBeDefined();
  await user.click(screen.getByText("Remove"));
  await expect.poll(() => jobsStore.getState().jobs).toEqual({});
});

test("a waiting picture can be drawn before the next step of a training, and says so until then", async () => {
  const job = drawingRow({ prompt: "a cat" }, { id: "2", state: "queued" });
  const training = trainingRow({});
  applySnapshot([training, job]);
  const asked = serve({ goFirstJob: { ...job, first: true } });
  const user = draw(<JobRow job={job} />);
  await user.click(screen.getByText("Draw now"));
  expect(asked.map(({ route }) => route)).toEqual(["goFirstJob"]);
  cleanup();
  draw(<JobRow job={{ ...job, first: true }} />);
  expect(screen.getByText("Waiting, comes first")).toBeDefined();
  expect(screen.queryByText("Draw now")).toBeNull();
  cleanup();
  applyEvents([{ type: "job", job: { ...training, state: "done" } }]);
  draw(<JobRow job={job} />);
  expect(screen.queryByText("Draw now")).toBeNull();
});

test("a training that waits for a picture says so beside its steps", () => {
  const job = trainingRow({});
  applySnapshot([job]);
  const progress = { phase: "giving-way" as const, step: 412, steps: 1200, secondsPerStep: 1.1, etaSeconds: 840 };
  applyEvents([{ type: "progress", jobId: job.id, progress }]);
  draw(<JobRow job={job} />);
  expect(screen.getByText("Waits while a picture is drawn · 412 of 1,200 · 1.1 s/step · 14 min left")).toBeDefined();
});

test("a picture that finds no memory beside a training waits, with the reason", () => {
  const message = 'There is not enough memory for this job beside Train "mira": it waits until that job has ended';
  draw(
    <JobRow job={drawingRow({}, { state: "queued", error: toWireError(new LexemeError("OUT_OF_MEMORY", message)) })} />,
  );
  expect(screen.getByText("Waiting")).toBeDefined();
  expect(screen.getByText(message)).toBeDefined();
});
