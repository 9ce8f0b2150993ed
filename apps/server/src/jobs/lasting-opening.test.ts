/** @file What opens late is closed too: an attempt that is under way when the server stops belongs to the one who stops it. */
import { LexemeError } from "@lexeme/core";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LastingOpening } from "./lasting-opening.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A first attempt finds the disk full; the second ends when `end` is called. */
function secondUnderWay() {
  let end: (list: string) => void = () => undefined;
  let attempts = 0;
  const late: string[] = [];
  const opening = new LastingOpening<string>({
    open: () =>
      ++attempts === 1
        ? Promise.reject(new LexemeError("DISK_FULL"))
        : new Promise((resolve) => {
            end = resolve;
          }),
    onLate: (list) => late.push(list),
  });
  return { opening, late, end: (list: string) => end(list), attempts: () => attempts };
}

test("closing waits for the attempt that is under way, and gives what it opened", async () => {
  const { opening, late, end, attempts } = secondUnderWay();
  await vi.advanceTimersByTimeAsync(5000);
  expect(attempts()).toBe(2);
  await expect(opening.openedIfRoom()).resolves.toBeUndefined();
  const closed = opening.close();
  end("the list");
  await expect(closed).resolves.toBe("the list");
  expect(late).toEqual([]);
});

test("after closing there is no further attempt", async () => {
  const { opening, attempts } = secondUnderWay();
  await vi.advanceTimersByTimeAsync(0);
  await expect(opening.close()).resolves.toBeUndefined();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(attempts()).toBe(1);
});

test("what opens late, while the server runs, is told", async () => {
  const { opening, late, end } = secondUnderWay();
  await vi.advanceTimersByTimeAsync(5000);
  end("the list");
  await opening.ready;
  expect(late).toEqual(["the list"]);
  await expect(opening.close()).resolves.toBe("the list");
});
