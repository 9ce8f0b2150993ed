/** @file The shown run: the one that was picked, until another training begins. */
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

function History(): ReactNode {
  return <WordHistory name="mira" jobs={useJobList(() => true)} />;
}

const shown = (): string | undefined =>
  screen
    .getAllByRole("button", { name: /^Run/ })
    .find((button) => button.getAttribute("aria-pressed") === "true")
    ?.textContent?.slice(0, 5);

test("a run that was picked is shown until another training begins", async () => {
  const history: EmbeddingHistory = { runs: [runOf("a", 10), runOf("b", 20)], currentCopy: null, bestCopy: null };
  serve({ getEmbeddingHistory: history });
  const ended = trainingRow({}, { id: "b", state: "done", createdAt: 1 });
  applySnapshot([ended]);
  const user = draw(<History />);
  await user.click(await screen.findByRole("button", { name: /^Run 1/ }));
  expect(shown()).toBe("Run 1");
  act(() => applySnapshot([ended, trainingRow({}, { id: "c", state: "queued", createdAt: 2 })]));
  expect(shown()).toBe("Run 2");
});
