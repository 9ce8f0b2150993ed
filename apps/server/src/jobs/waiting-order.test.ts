/** @file Positions of waiting jobs after moves. */
import { expect, test } from "vitest";
import { byPosition, positionsAfterMove } from "./waiting-order.ts";

interface Placed {
  id: string;
  position: number;
}

const order = (jobs: Placed[]): string =>
  jobs
    .toSorted(byPosition)
    .map(({ id }) => id)
    .join("");

function moved(jobs: Placed[], id: string, before: string | null): { jobs: Placed[]; changed: number } {
  const changes = positionsAfterMove(jobs.toSorted(byPosition), { id, before });
  const positions = new Map(changes.map((one) => [one.id, one.position]));
  return {
    jobs: jobs.map((one) => ({ ...one, position: positions.get(one.id) ?? one.position })),
    changed: changes.length,
  };
}

const JOBS = ["a", "b", "c", "d"].map((id, i) => ({ id, position: i + 1 }));

test.each([
  ["d", "a", "dabc"],
  ["a", null, "bcda"],
  ["a", "d", "bcad"],
  ["c", "b", "acbd"],
  ["b", "c", "abcd"],
  ["c", "gone", "cabd"],
])("%s before %s gives %s, and changes one job", (id, before, expected) => {
  const after = moved(JOBS, id, before);
  expect(order(after.jobs)).toBe(expected);
  expect(after.changed).toBe(1);
});

test("jobs of an earlier version, all at 0, can be moved too", () => {
  expect(
    order(
      moved(
        JOBS.map((job) => ({ ...job, position: 0 })),
        "c",
        "b",
      ).jobs,
    ),
  ).toBe("acbd");
});

test("a thousand moves between the same two neighbours keep the order", () => {
  let jobs = JOBS;
  for (let i = 0; i < 500; i++) {
    ({ jobs } = moved(jobs, "c", "b"));
    expect(order(jobs)).toBe("acbd");
    ({ jobs } = moved(jobs, "b", "c"));
    expect(order(jobs)).toBe("abcd");
  }
});
