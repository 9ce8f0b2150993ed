/** @file Escape asks before it ends the running job, and first closes what is open. */
import { Modal } from "@mantine/core";
import { fireEvent, screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { applySnapshot } from "../../state/jobs.ts";
import { draw, serve } from "../../testing/page.ts";
import { drawingRow, trainingRow } from "../../testing/rows.ts";
import { InterruptByKey } from "./interrupt-by-key.tsx";
import { trayStore } from "./tray/tray-store.ts";

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 30));

beforeEach(() => trayStore.setState({ open: false }));

test("Escape asks, Enter ends the job", async () => {
  const job = drawingRow({ prompt: "a cat" }, { state: "running" });
  applySnapshot([job]);
  const asked = serve({ cancelJob: job });
  const user = draw(<InterruptByKey />);
  await user.keyboard("{Escape}");
  expect(await screen.findByText("Cancel this job?")).toBeDefined();
  expect(asked).toEqual([]);
  await waitFor(() => expect(document.activeElement?.textContent).toBe("Cancel the job"));
  await user.keyboard("{Enter}");
  await waitFor(() => expect(asked.map(({ route }) => route)).toEqual(["cancelJob"]));
});

test("a second Escape takes the question back, and a training is stopped so that its vectors are kept", async () => {
  applySnapshot([trainingRow({}, { state: "running" })]);
  const asked = serve({});
  const user = draw(<InterruptByKey />);
  await user.keyboard("{Escape}");
  expect(await screen.findByText("Stop this job?")).toBeDefined();
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByText("Stop this job?")).toBeNull());
  expect(asked).toEqual([]);
});

test("an open dialog or list of jobs is closed first, and without a running job there is no question", async () => {
  applySnapshot([drawingRow({}, { state: "running" })]);
  serve({});
  const user = draw(
    <>
      <Modal opened onClose={() => undefined} title="Another dialog" />
      <InterruptByKey />
    </>,
  );
  await user.keyboard("{Escape}");
  await pause();
  expect(screen.queryByText("Cancel this job?")).toBeNull();
  trayStore.setState({ open: true });
  await user.keyboard("{Escape}");
  await pause();
  expect(screen.queryByText("Cancel this job?")).toBeNull();
});

test("whoever interrupts a training that is saving is told that its learning would be lost", async () => {
  applySnapshot([trainingRow({}, { state: "running", stopping: true })]);
  serve({});
  const user = draw(<InterruptByKey />);
  await user.keyboard("{Escape}");
  expect(await screen.findByText("Cancel this job?")).toBeDefined();
  expect(screen.getByText(/all learning since its last copy is lost/)).toBeDefined();
});

test("the Escape that ends an input method's word asks nothing", async () => {
  applySnapshot([drawingRow({}, { state: "running" })]);
  serve({});
  draw(<InterruptByKey />);
  fireEvent.keyDown(document.body, { key: "Escape", isComposing: true });
  await pause();
  expect(screen.queryByText("Cancel this job?")).toBeNull();
});
