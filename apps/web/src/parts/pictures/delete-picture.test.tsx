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

test("several pictures on a full disk are deleted for good only when asked; another reason is told beside", async () => {
  const reason = "Cannot move it to the bin: the disk is full";
  const asked = serve({
    deleteImages: {
      undoTokens: ["a"],
      failed: [
        { path: "/full/2.png", code: "DISK_FULL", reason },
        { path: "/full/3.png", code: "FILE_MISSING", reason: "There is no such file" },
        { path: "/full/4.png", code: "DISK_FULL", reason },
      ],
    },
    deleteImageForGood: {},
  });
  const user = draw(<Toaster />);
  await deletePictures(["/full/1.png", "/full/2.png", "/full/3.png", "/full/4.png"]);
  expect(await screen.findByText(/1 picture could not be deleted, .* There is no such file/u)).toBeDefined();
  expect(asked.map(({ route }) => route)).toEqual(["deleteImages"]);
  await user.click(await screen.findByRole("button", { name: "Delete for good" }));
  expect(await screen.findByText("2 pictures deleted for good")).toBeDefined();
  expect(asked.slice(1).map(({ body }) => body)).toEqual([{ path: "/full/2.png" }, { path: "/full/4.png" }]);
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
