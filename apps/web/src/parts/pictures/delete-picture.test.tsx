/** @file Deleting a picture: on a full disk, where the bin has no room, it can be deleted for good. */
import { LexemeError } from "@lexeme/core";
import { screen, waitFor } from "@testing-library/react";
import { Toaster } from "sonner";
import { expect, test } from "vitest";
import { draw, serve } from "../../testing/page.ts";
import { deletePicture } from "./delete-picture.ts";

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
