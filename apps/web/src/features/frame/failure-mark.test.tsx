/** @file A job that failed is told at "Jobs" until the list was opened in this browser. */
import { LexemeError } from "@lexeme/core";
import { toWireError } from "@lexeme/protocol";
import { act, cleanup, screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { applyEvents, applySnapshot } from "../../state/jobs.ts";
import { draw, serve } from "../../testing/page.ts";
import { trainingRow } from "../../testing/rows.ts";
import { Header } from "./header.tsx";
import { JobTray } from "./tray/job-tray.tsx";
import { trayStore } from "./tray/tray-store.ts";

const error = toWireError(new LexemeError("WORKER_EXITED", "Lexeme was stopped in the middle of this training"));
const failed = (id: string, finishedAt: number) =>
  trainingRow({ embeddingName: id }, { id, state: "failed", error, finishedAt });
const page = () =>
  draw(
    <>
      <Header />
      <JobTray />
    </>,
  );

beforeEach(() => {
  serve({});
  trayStore.setState({ open: false });
});

test("the mark counts the failures that this browser has not shown, goes with the list, and stays away", async () => {
  applySnapshot([failed("mira", 1000), failed("vera", 2000)]);
  let user = page();
  await user.click(screen.getByRole("button", { name: "Jobs, 2 failed" }));
  await screen.findByRole("button", { name: "Jobs" });
  // A new tab of the same browser.
  cleanup();
  trayStore.setState({ open: false });
  user = page();
  expect(screen.getByRole("button", { name: "Jobs" })).toBeDefined();
  // The same job was tried again and failed again.
  act(() => applyEvents([{ type: "job", job: failed("mira", 3000) }]));
  expect(screen.getByRole("button", { name: "Jobs, 1 failed" })).toBeDefined();
  // Another browser has seen nothing.
  cleanup();
  localStorage.clear();
  page();
  expect(screen.getByRole("button", { name: "Jobs, 2 failed" })).toBeDefined();
});

test("a failure that a later training of the same embedding continued is past", async () => {
  applySnapshot([failed("mira", 1000)]);
  page();
  expect(screen.getByRole("button", { name: "Jobs, 1 failed" })).toBeDefined();
  const later = trainingRow({ embeddingName: "mira" }, { id: "later", state: "done", createdAt: Date.now() });
  act(() => applyEvents([{ type: "job", job: later }]));
  await waitFor(() => expect(screen.getByRole("button", { name: "Jobs" })).toBeDefined());
});
