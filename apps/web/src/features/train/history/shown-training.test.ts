/** @file Which training of an embedding stands at the top of its history. */
import { LexemeError } from "@lexeme/core";
import { toWireError, type EmbeddingHistory } from "@lexeme/protocol";
import { expect, it } from "vitest";
import { trainingRow } from "../../../testing/rows.ts";
import { shownTraining } from "./shown-training.ts";

function historyOf(...jobs: string[]): EmbeddingHistory {
  const run = {
    folder: "run",
    isEarlier: false,
    state: "finished" as const,
    startedAt: 0,
    endedAt: 0,
    message: null,
    from: null,
    initialStep: 0,
    lastStep: 80,
    steps: 80,
    replaced: null,
    points: [],
    fixedLosses: [],
    copies: [],
    previews: [],
  };
  const runs = jobs.length === 0 ? [] : [{ ...run, jobs }];
  return { ownSince: 0, copiedFrom: null, runs, currentCopy: null, bestCopy: null };
}

const good = trainingRow({}, { id: "good", state: "done" });
const error = toWireError(new LexemeError("NOTHING_TO_TRAIN"));
const twin = trainingRow({}, { id: "twin", state: "failed", error });

it("a try that made no step does not hide the run that did, and says why it ended", () => {
  expect(shownTraining([twin, good], historyOf("good"))).toEqual({ job: good, failedTry: twin });
});

it("a failed first try is shown as the training", () => {
  expect(shownTraining([twin], historyOf())).toEqual({ job: twin, failedTry: null });
});

it("a history whose jobs have left the list is shown from its runs", () => {
  expect(shownTraining([], historyOf("gone"))).toEqual({ job: null, failedTry: null });
  expect(shownTraining([twin], historyOf("gone"))).toEqual({ job: null, failedTry: twin });
});

it("a running or waiting training is shown before all others", () => {
  const queued = trainingRow({}, { id: "queued", state: "queued" });
  const running = trainingRow({}, { id: "running" });
  expect(shownTraining([queued, running, good], historyOf("good")).job).toBe(running);
  expect(shownTraining([queued, good], historyOf("good")).job).toBe(queued);
});
