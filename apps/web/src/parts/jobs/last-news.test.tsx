/** @file Numbers of a running job are marked as old while the page has no connection, and a silence then is no wait for a file. */
import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { setSocketState } from "../../state/connection.ts";
import { useFileWait } from "./file-wait.ts";
import { useLastNews } from "./last-news.ts";

beforeEach(() => void vi.useFakeTimers({ now: new Date(2026, 10, 29, 3, 12) }));
afterEach(() => void vi.useRealTimers());

const passes = (seconds: number) => act(async () => vi.advanceTimersByTimeAsync(seconds * 1000));

test("the numbers have the time of the last news until there is a connection again", async () => {
  const { result } = renderHook(useLastNews);
  const line = (): string => result.current("22 of 90 · 30 s left");
  expect(line()).toBe("22 of 90 · 30 s left");
  act(() => setSocketState("lost"));
  await passes(120);
  expect(line()).toBe("As of 03:12: 22 of 90 · 30 s left");
  act(() => setSocketState("open"));
  expect(line()).toBe("22 of 90 · 30 s left");
});

test("a page without a connection does not say that a job waits for a file", async () => {
  const progress = { phase: "encoding-pictures" as const, step: 3, steps: 14, secondsPerStep: null, etaSeconds: null };
  const { result } = renderHook(useFileWait, { initialProps: { ...progress, file: "07.png" } });
  await passes(20);
  act(() => setSocketState("lost"));
  await passes(100);
  expect(result.current).toBeNull();
  act(() => setSocketState("open"));
  await passes(40);
  expect(result.current).toBe("Waits for 07.png for 40 s");
});
