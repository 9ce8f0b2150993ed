/** @file Waiting jobs are moved by handle and key, long lists are drawn page by page, and what concerns many jobs asks first. */
import { fireEvent, screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { LexemeError } from "@lexeme/core";
import { applySnapshot } from "../../../state/jobs.ts";
import { draw, serve } from "../../../testing/page.ts";
import { drawingRow } from "../../../testing/rows.ts";
import { JobTray } from "./job-tray.tsx";
import { trayStore } from "./tray-store.ts";

const waiting = (count: number) =>
  Array.from({ length: count }, (_, i) =>
    drawingRow({ prompt: `picture ${i}` }, { id: `id-${i}`, state: "queued", createdAt: i, position: i }),
  );
const titles = (): (string | null)[] => screen.getAllByRole("link").map(({ textContent }) => textContent);
const moved = { route: "moveJob" };

beforeEach(() => trayStore.setState({ open: true }));

test("the arrow keys on a handle move a job at once and on the server, and the handle keeps the focus", async () => {
  applySnapshot(waiting(3));
  const asked = serve({ moveJob: drawingRow({}) });
  const user = draw(<JobTray />);
  screen.getByLabelText("Move picture 2").focus();
  await user.keyboard("{ArrowUp}");
  expect(titles()).toEqual(["picture 0", "picture 2", "picture 1"]);
  expect(asked).toMatchObject([{ ...moved, url: "/api/jobs/id-2/move", body: { before: "id-1" } }]);
  expect(document.activeElement?.getAttribute("aria-label")).toBe("Move picture 2");
  expect(screen.getByText("picture 2: 2 of 3")).toBeDefined();
  await user.keyboard("{Home}{End}");
  expect(titles()).toEqual(["picture 0", "picture 1", "picture 2"]);
  expect(asked.map(({ body }) => body)).toEqual([{ before: "id-1" }, { before: "id-0" }, { before: null }]);
});

test("a dragged job goes before the row below the pointer, and back if the server refuses", async () => {
  applySnapshot(waiting(3));
  const asked = serve({ moveJob: new LexemeError("JOB_NOT_WAITING") });
  draw(<JobTray />);
  const handle = screen.getByLabelText("Move picture 2");
  handle.setPointerCapture = () => undefined;
  // Without a layout all rows lie at 0: a pointer above it is above all rows.
  fireEvent.pointerDown(handle, { button: 0, pointerId: 1, clientY: 1 });
  fireEvent.pointerMove(handle, { pointerId: 1, clientY: -5 });
  fireEvent.pointerUp(handle, { pointerId: 1 });
  expect(titles()).toEqual(["picture 2", "picture 0", "picture 1"]);
  expect(asked).toMatchObject([{ ...moved, body: { before: "id-0" } }]);
  await waitFor(() => expect(titles()).toEqual(["picture 0", "picture 1", "picture 2"]));
});

test("a job dropped below the last row in the page goes before the next row, which is not drawn yet", async () => {
  applySnapshot(waiting(31), 5);
  const asked = serve({ moveJob: drawingRow({}) });
  const user = draw(<JobTray />);
  const handle = screen.getByLabelText("Move picture 0");
  handle.setPointerCapture = () => undefined;
  fireEvent.pointerDown(handle, { button: 0, pointerId: 1, clientY: 1 });
  fireEvent.pointerMove(handle, { pointerId: 1, clientY: 5 });
  expect(screen.getByText("picture 29").closest("li")?.dataset["mark"]).toBe("after");
  fireEvent.pointerUp(handle, { pointerId: 1 });
  expect(asked).toMatchObject([{ ...moved, body: { before: "id-30" } }]);
  screen.getByLabelText("Move picture 1").focus();
  await user.keyboard("{End}");
  expect(screen.getByText("picture 1: 36 of 36")).toBeDefined();
});

test("five hundred waiting jobs are drawn page by page", async () => {
  applySnapshot(waiting(500));
  serve({});
  const user = draw(<JobTray />);
  expect(titles()).toHaveLength(30);
  await user.click(screen.getByText("Show more (470 not shown)"));
  expect(titles()).toHaveLength(120);
});

test("cancelling all and clearing ask first", async () => {
  applySnapshot([...waiting(2), drawingRow({ prompt: "ended" }, { id: "ended", state: "done", finishedAt: 1 })]);
  const asked = serve({ cancelWaitingJobs: { cancelled: 2 }, clearJobs: { removed: 1 } });
  const user = draw(<JobTray />);
  await user.click(screen.getByText("Cancel all waiting"));
  expect(await screen.findByText("Cancel 2 waiting jobs?")).toBeDefined();
  expect(asked).toEqual([]);
  await user.click(screen.getByText("Cancel them"));
  await user.click(screen.getByText("Clear the list"));
  expect(await screen.findByText(/Their pictures, embeddings and training runs stay/)).toBeDefined();
  await user.click(screen.getByText("Clear"));
  await waitFor(() => expect(asked.map(({ route }) => route)).toEqual(["cancelWaitingJobs", "clearJobs"]));
});
