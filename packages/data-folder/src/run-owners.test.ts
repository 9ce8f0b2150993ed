/** @file Which runs belong to a file: training from a copy that did not end belongs to the file that had the name then, and to no other. */
import { expect, test } from "vitest";
import { runsOfPresent } from "./run-owners.ts";

type Run = Parameters<typeof runsOfPresent>[0][number];

const runOf = (folder: string, startedAt: number, change: Partial<Run> = {}): Run => ({
  folder,
  startedAt,
  jobs: [folder],
  isKept: false,
  from: null,
  initialStep: 0,
  steps: 10,
  ending: { at: startedAt + 5, how: "finished", step: 10, replaced: null },
  copies: [{ step: 10, path: `${folder}-10.pt` }],
  ...change,
});
const cancelled = (folder: string, startedAt: number, from: string): Run =>
  runOf(folder, startedAt, {
    from: { folder: from },
    ending: { at: startedAt + 5, how: "cancelled", step: 3, replaced: null },
    copies: [],
  });
const ownersOf = (runs: readonly Run[], modifiedAt: number, holder?: string) => {
  const file = { step: 10, vectors: new Float32Array(1), modifiedAt };
  const { own, following } = runsOfPresent(runs, { file, running: new Set() }, holder);
  return { own: [...own].toSorted(), following: [...following].toSorted() };
};

test("a try from an earlier embedding's copy belongs to the new file with the earlier runs, which a rename leaves behind", () => {
  const runs = [runOf("earlier", 10), cancelled("try", 30, "earlier")];
  expect(ownersOf(runs, 20)).toEqual({ own: ["earlier", "try"], following: ["try"] });
});

test("a restored file has its own runs alone, although the file after it was tried from a copy", () => {
  const runs = [runOf("first", 10), runOf("second", 30), cancelled("try", 50, "second")];
  expect(ownersOf(runs, 15, "first")).toEqual({ own: ["first"], following: ["first"] });
});

test("a file from elsewhere with an old time has no run of the embedding that was trained meanwhile", () => {
  const runs = [runOf("real", 10), cancelled("try", 50, "real")];
  expect(ownersOf(runs, 5)).toEqual({ own: [], following: [] });
});

test("the training that wrote the file itself ends later than the file's time, and its tries stay connected", () => {
  const runs = [runOf("earlier", 1), runOf("real", 10), cancelled("try", 30, "earlier")];
  expect(ownersOf(runs, 14, "real")).toEqual({ own: ["earlier", "real", "try"], following: ["real", "try"] });
});
