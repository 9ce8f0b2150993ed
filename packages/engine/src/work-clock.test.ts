import { expect, test } from "vitest";
import { recordingPorts } from "./testing.ts";
import { WorkClock } from "./work-clock.ts";

test("a wait is not work, and waits as long as the other jobs need", async () => {
  let now = 100;
  let othersFirst = true;
  const clock = new WorkClock(() => now);
  now += 5;
  const wait = async () => {
    now += 1000;
    othersFirst = false;
  };
  const { control } = recordingPorts({
    turns: {
      wait,
      get othersFirst() {
        return othersFirst;
      },
    },
  });
  const { turns } = clock.withoutWaits(control);
  expect(turns?.othersFirst).toBe(true);
  await turns?.wait();
  expect(turns?.othersFirst).toBe(false);
  now += 2;
  expect(clock.workedMs).toBe(7);
  await clock.waiting(async () => void (now += 50));
  await expect(clock.waiting(() => Promise.reject(new Error("over")))).rejects.toThrow("over");
  expect(clock.workedMs).toBe(7);
  const plain = recordingPorts().control;
  expect(clock.withoutWaits(plain)).toBe(plain);
});
