/** @file The viewer's keys: save, delete once a press, and a Back that closes it. */
import { act, screen, waitFor } from "@testing-library/react";
import { useState, type ReactNode } from "react";
import { beforeEach, expect, test, vi } from "vitest";
import { draw, serve } from "../../testing/page.ts";
import { PictureViewer } from "./picture-viewer.tsx";

const deleted: string[] = [];

function Viewer(): ReactNode {
  const [paths, setPaths] = useState(["/a.png", "/b.png", "/c.png"]);
  const [index, setIndex] = useState<number | null>(0);
  function remove(path: string): void {
    deleted.push(path);
    setPaths(paths.filter((one) => one !== path));
  }
  return (
    <PictureViewer
      pictures={paths.map((path) => ({ path, alt: path }))}
      index={index}
      onIndex={setIndex}
      onDelete={remove}
    />
  );
}

beforeEach(() => {
  deleted.length = 0;
  serve({});
});

test("a second Delete right after the first does not take the next picture, by key or by button", async () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  const user = draw(<Viewer />);
  await user.keyboard("{Delete}{Delete}");
  await user.click(screen.getByText("Delete"));
  expect(deleted).toEqual(["/a.png"]);
  vi.advanceTimersByTime(1000);
  await user.dblClick(screen.getByText("Delete"));
  expect(deleted).toEqual(["/a.png", "/b.png"]);
  vi.useRealTimers();
});

test("S saves the picture under its own name", async () => {
  const saved: string[] = [];
  const click = vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
    saved.push(`${this.download} ${new URL(this.href).searchParams.get("path")}`);
  });
  const user = draw(<Viewer />);
  await user.keyboard("s");
  expect(saved).toEqual(["a.png /a.png"]);
  click.mockRestore();
});

test("Back closes the viewer", async () => {
  draw(<Viewer />);
  expect(screen.getByRole("dialog")).toBeDefined();
  act(() => {
    history.replaceState({ overlayEntry: 1 }, "");
    globalThis.dispatchEvent(new PopStateEvent("popstate"));
  });
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  history.replaceState(null, "");
});
