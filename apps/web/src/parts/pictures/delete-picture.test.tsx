/** @file Deleting pictures: on a full disk, where the bin has no room, for good; and undone, each for itself. */
import { LexemeError } from "@lexeme/core";
import { screen, waitFor } from "@testing-library/react";
import { Toaster } from "sonner";
import { expect, test } from "vitest";
import { draw, serve } from "../../testing/page.ts";
import { deletePicture, deletePictures } from "./delete-picture.ts";

test("on a full disk the page says so, and deletes for good only when asked", async () => {
  const full = new LexemeError("DISK_FULL", "Cannot move it to the bin: the disk is full");
  const asked = serve({ deleteImage: full, deleteImageForGood: {} });
  const user = draw(<Toaster />);
  await deletePicture("/outputs/1.png");
  expect(await screen.findByText("Cannot move it to the bin: the disk is full")).toBeDefined();
  expect(screen.getByRole("button", { name: "Open the bin" })).toBeDefined();
  expect(asked.map(({ route }) => route)).toEqual(["deleteImage"]);
  await user.click(screen.getByRole("button", { name: "Delete for good" }));
  await waitFor(() =>
    expect(asked.at(-1)).toMatchObject({ route: "deleteImageForGood", body: { path: "/outputs/1.png" } }),
  );
});

test("an undo brings back every picture that can come back, and says why another cannot", async () => {
  let undos = 0;
  const taken = new LexemeError("FILE_EXISTS", "There is a file again");
  serve({
    deleteImages: { undoTokens: ["a", "b", "c"], failed: [] },
    get undoDelete() {
      return ++undos === 2 ? taken : {};
    },
  });
  const gone = (): string[] =>
    Object.keys(
      (JSON.parse(localStorage.getItem("lexeme.deleted-pictures") ?? "{}") as { state: { paths: object } }).state.paths,
    ).filter((path) => path.startsWith("/undone/"));
  const user = draw(<Toaster />);
  await deletePictures(["/undone/1.png", "/undone/2.png", "/undone/3.png"]);
  expect(gone()).toHaveLength(3);
  await user.click(await screen.findByRole("button", { name: "Undo" }));
  expect(await screen.findByText("There is a file again")).toBeDefined();
  expect(gone()).toEqual(["/undone/2.png"]);
});
