/** @file The gallery's list: pictures that are back again are in it, and a part that cannot be fetched is asked for once. */
import { LexemeError } from "@lexeme/core";
import type { GalleryImage } from "@lexeme/protocol";
import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { markDeleted } from "../../state/deleted-pictures.ts";
import { draw, serve } from "../../testing/page.ts";
import { GalleryPage } from "./gallery-page.tsx";

const image = (path: string): GalleryImage => ({
  path,
  file: path,
  day: "2026-11-24",
  width: 64,
  height: 64,
  createdAt: 0,
  infotext: null,
});
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test("a picture that was deleted here and restored elsewhere is shown again, here and for good", async () => {
  markDeleted(["/outputs/restored.png"]);
  await pause(5);
  serve({ listImages: { images: [image("/outputs/restored.png"), image("/outputs/2.png")], more: false } });
  draw(<GalleryPage />);
  expect(await screen.findByText("2 pictures")).toBeDefined();
  expect(localStorage.getItem("lexeme.deleted-pictures")).not.toContain("restored.png");
});

test("a picture that is deleted while the list is fetched does not come back with the list", async () => {
  const asked = serve({ listImages: { images: [image("/outputs/late.png"), image("/outputs/2.png")], more: false } });
  draw(<GalleryPage />);
  await waitFor(() => expect(asked.some(({ route }) => route === "listImages")).toBe(true));
  await pause(5);
  markDeleted(["/outputs/late.png"]);
  expect(await screen.findByText("1 picture")).toBeDefined();
});

test("the next part of a search that cannot be fetched is not asked for again and again", async () => {
  let calls = 0;
  serve({
    get listImages() {
      const next = { day: "2026-11-24", createdAt: 1, path: "/outputs/1.png" };
      return calls++ === 0 ? { images: [], more: true, next } : new LexemeError("SERVER_UNREACHABLE");
    },
  });
  draw(<GalleryPage />);
  expect(await screen.findByText("The pictures cannot be listed")).toBeDefined();
  await pause(100);
  expect(calls).toBe(2);
});
