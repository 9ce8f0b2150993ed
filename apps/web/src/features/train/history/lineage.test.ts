/** @file The line of runs in a history, and the steps of each run that belong to it. */
import type { EmbeddingHistory, HistoryRun } from "@lexeme/protocol";
import { expect, it } from "vitest";
import {
  branchSteps,
  firstFixedLoss,
  headRun,
  lineageOf,
  lineagePoints,
  lineagePreviews,
  otherPoints,
} from "./lineage.ts";

function run(folder: string, steps: [number, number], change: Partial<HistoryRun> = {}): HistoryRun {
  const [initialStep, lastStep] = steps;
  const all = Array.from({ length: lastStep - initialStep }, (_, i) => initialStep + i + 1);
  return {
    folder,
    isEarlier: false,
    state: "finished",
    startedAt: 0,
    endedAt: 0,
    message: null,
    jobs: [],
    from: null,
    initialStep,
    lastStep,
    steps: lastStep,
    replaced: null,
    points: all.map((step) => ({ step, loss: initialStep, learnRate: 0.005 })),
    fixedLosses: [],
    copies: [{ step: lastStep, path: `${folder}-${lastStep}.pt`, previewPath: null, fixedLoss: null }],
    previews: all.filter((step) => step % 5 === 0).map((step) => ({ step, path: `${folder}-${step}.png` })),
    ...change,
  };
}

const first = run("first", [0, 20]);
const branch = run("branch", [10, 30], { from: { folder: "first", step: 10 } });
const failed = run("failed", [20, 20], { state: "failed", from: { folder: "first", step: 20 } });
const history = (change: Partial<EmbeddingHistory> = {}): EmbeddingHistory => ({
  ownSince: 0,
  copiedFrom: null,
  runs: [first, branch, failed],
  currentCopy: null,
  bestCopy: null,
  ...change,
});

it("a run that continued from an earlier copy follows the steps before that copy, and no others", () => {
  const parts = lineageOf(history().runs, branch);
  expect(lineagePoints(parts, []).map(({ step }) => step)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
  expect(lineagePoints(parts, []).filter(({ loss }) => loss === 0)).toHaveLength(10);
  expect(lineagePreviews(parts).map(({ path }) => path)).toEqual([
    "first-5.png",
    "first-10.png",
    "branch-15.png",
    "branch-20.png",
    "branch-25.png",
    "branch-30.png",
  ]);
  expect(branchSteps(parts)).toEqual([10]);
});

it("the points outside the line are the rest of each run", () => {
  const { runs } = history();
  const steps = (head: HistoryRun) =>
    otherPoints(runs, lineageOf(runs, head)).map((points) => points.map(({ step }) => step));
  expect(steps(branch)).toEqual([Array.from({ length: 10 }, (_, i) => i + 11)]);
  expect(steps(first)).toEqual([Array.from({ length: 20 }, (_, i) => i + 11)]);
});

it("the points of a running training replace earlier points of the same steps", () => {
  const parts = lineageOf(history().runs, branch);
  const live = [{ step: 16, loss: 9, learnRate: 1 }];
  expect(lineagePoints(parts, live).map(({ step }) => step)).toEqual(Array.from({ length: 16 }, (_, i) => i + 1));
});

it("the running run is shown, else the run of the copy in use, else the newest run that made a step", () => {
  expect(headRun(history())?.folder).toBe("branch");
  expect(headRun(history({ currentCopy: "first-20.pt" }))?.folder).toBe("first");
  expect(headRun(history({ runs: [first, { ...branch, state: "running" }], currentCopy: "first-20.pt" }))?.folder).toBe(
    "branch",
  );
  expect(headRun(history({ runs: [failed] }))?.folder).toBe("failed");
});

it("a circle of runs, which folders copied by hand can form, is followed only once", () => {
  const circle = { ...first, from: { folder: "branch", step: 3 } };
  expect(lineageOf([circle, branch], branch)).toHaveLength(2);
});

it("a loss is compared with the earliest comparable loss", () => {
  const losses = [
    { step: 0, value: 9, isComparable: false },
    { step: 10, value: 0.2, isComparable: true },
  ];
  expect(firstFixedLoss(history({ runs: [{ ...first, fixedLosses: losses }] }))).toMatchObject({
    step: 10,
    value: 0.2,
  });
  expect(firstFixedLoss(history())).toBeNull();
});
