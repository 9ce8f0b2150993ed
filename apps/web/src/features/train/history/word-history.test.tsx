/** @file The shown run: the one that was picked, until another training begins; and which runs and jobs are those of the present embedding. */
import type { EmbeddingHistory, HistoryRun } from "@lexeme/protocol";
import { act, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { expect, test } from "vitest";
import { applySnapshot, useJobList } from "../../../state/jobs.ts";
import { draw, serve } from "../../../testing/page.ts";
import { trainingRow } from "../../../testing/rows.ts";
import { WordHistory } from "./word-history.tsx";

const runOf = (jobId: string, lastStep: number): HistoryRun => ({
  folder: jobId,
  isEarlier: false,
  startedAt: lastStep,
  endedAt: lastStep,
  state: "finished",
  jobs: [jobId],
  message: null,
  from: null,
  initialStep: 0,
  lastStep,
  steps: lastStep,
  replaced: null,
  points: [],
  fixedLosses: [],
  copies: [],
  previews: [],
});

const historyOf = (runs: HistoryRun[], change: Partial<EmbeddingHistory> = {}): EmbeddingHistory => ({
  ownSince: 0,
  copiedFrom: null,
  runs,
  currentCopy: null,
  bestCopy: null,
  ...change,
});
const copyOf = (folder: string, step: number) => ({
  step,
  path: `${folder}/mira-${step}.pt`,
  previewPath: null,
  fixedLoss: null,
});

function History(): ReactNode {
  return <WordHistory name="mira" jobs={useJobList(() => true)} />;
}

const shown = (): string | undefined =>
  screen
    .getAllByRole("button", { name: /^Run/ })
    .find((button) => button.getAttribute("aria-pressed") === "true")
    ?.textContent?.slice(0, 5);

test("a run that was picked is shown until another training begins", async () => {
  serve({ getEmbeddingHistory: historyOf([runOf("a", 10), runOf("b", 20)]) });
  const ended = trainingRow({}, { id: "b", state: "done", createdAt: 1 });
  applySnapshot([ended]);
  const user = draw(<History />);
  await user.click(await screen.findByRole("button", { name: /^Run 1/ }));
  expect(shown()).toBe("Run 1");
  act(() => applySnapshot([ended, trainingRow({}, { id: "c", state: "queued", createdAt: 2 })]));
  expect(shown()).toBe("Run 2");
});

const done = (id: string) =>
  trainingRow(
    {},
    { id, state: "done", finishedAt: 5, results: { artifacts: [], warnings: [], summary: "It was trained" } },
  );

test("a new embedding is not trained, and the runs of an earlier one with its name are shown apart, with usable copies", async () => {
  const earlier = { ...runOf("a", 10), isEarlier: true, copies: [copyOf("a", 10)] };
  const asked = serve({ getEmbeddingHistory: historyOf([earlier], { ownSince: 6 }) });
  applySnapshot([done("a"), done("forgotten")]);
  const user = draw(<History />);
  expect(await screen.findByText("mira was not trained yet")).toBeTruthy();
  expect(screen.queryByText("It was trained")).toBeNull();
  expect(screen.queryByTestId("training-numbers")).toBeNull();
  expect(screen.getByText("An earlier embedding named mira")).toBeTruthy();
  expect(screen.queryByText("In use")).toBeNull();
  await user.click(screen.getByRole("button", { name: /^Run 1/ }));
  expect(screen.getByTestId("training-numbers").textContent).toMatch(/^An earlier mira · Finished at step 10/);
  await user.click(screen.getByRole("button", { name: "Use this copy" }));
  expect(asked.find(({ route }) => route === "useCopy")?.body).toEqual({ path: "a/mira-10.pt", instead: null });
});

test("a finished training whose run went with a renamed embedding is not shown; a training that saved nothing is", async () => {
  serve({ getEmbeddingHistory: historyOf([]) });
  const saved = { kind: "copy", path: "a/mira-150.pt", step: 150 } as const;
  const renamed = { ...done("a"), results: { artifacts: [saved], warnings: [], summary: "It was renamed since" } };
  applySnapshot([renamed]);
  draw(<History />);
  expect(await screen.findByText("mira was not trained yet")).toBeTruthy();
  expect(screen.queryByText("It was renamed since")).toBeNull();
  act(() => applySnapshot([renamed, done("b")]));
  expect(await screen.findByText("It was trained")).toBeTruthy();
});

test("a copy of another embedding says so until its own training begins", async () => {
  serve({ getEmbeddingHistory: historyOf([], { copiedFrom: { embedding: "vera", step: 300 } }) });
  draw(<History />);
  expect(await screen.findByText(/It has the vectors of vera at step 300/)).toBeTruthy();
});

test("Undo is offered only while the embedding is what the run wrote, and names this copy", async () => {
  const first = { ...runOf("a", 10), copies: [copyOf("a", 10)] };
  const second = { ...runOf("b", 8), replaced: { folder: "a", step: 10 }, copies: [copyOf("b", 8)] };
  const history = historyOf([first, second], { currentCopy: "b/mira-8.pt" });
  const asked = serve({ getEmbeddingHistory: history });
  applySnapshot([done("b")]);
  const user = draw(<History />);
  await user.click(await screen.findByRole("button", { name: "Undo" }));
  const body = { path: "a/mira-10.pt", instead: "b/mira-8.pt" };
  expect(asked.find(({ route }) => route === "useCopy")?.body).toEqual(body);
});

test("nothing can be undone when another file has taken the embedding's place", async () => {
  const first = { ...runOf("a", 10), copies: [copyOf("a", 10)] };
  const second = { ...runOf("b", 8), replaced: { folder: "a", step: 10 }, copies: [copyOf("b", 8)] };
  serve({ getEmbeddingHistory: historyOf([first, second]) });
  applySnapshot([done("b")]);
  draw(<History />);
  expect(await screen.findByText("It was trained")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Undo" })).toBeNull();
});
