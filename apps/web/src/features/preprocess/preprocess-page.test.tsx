/** @file Preprocess says before the press what is known, beside its field, and the button waits. */
import { LexemeError } from "@lexeme/core";
import type { Dataset, Folder, PreprocessPlan, System } from "@lexeme/protocol";
import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { preprocessForm } from "../../state/forms.ts";
import { draw, serve } from "../../testing/page.ts";
import { pictureRow } from "../../testing/rows.ts";
import { PreprocessPage } from "./preprocess-page.tsx";

const SYSTEM = { folders: { datasets: "/data/datasets" }, folderAccess: "closed" } as unknown as System;
const ROOTS: Folder = {
  path: "",
  parent: null,
  folders: [],
  pictures: 0,
  roots: [{ name: "Data sets", path: "/data/datasets", writable: true }],
};
const SOURCE: Dataset = { path: "/photos", pictures: [pictureRow("1.png")], broken: [], isUpload: true };
const PLAN: PreprocessPlan = {
  pictures: 1,
  done: 0,
  replaces: 0,
  keepsCaptions: 0,
  replacesCaptions: 0,
  skipped: [],
  destinationFault: null,
};

function choose(): void {
  preprocessForm.patch({ processSrc: "/photos", processDst: "/data/datasets/mira" });
}
/** The whole page is drawn, which takes a while on a busy machine. */
const PATIENT = { timeout: 10_000 };
const button = (): HTMLButtonElement => screen.getByRole("button", { name: /^Preprocess/u });

test("a start that works is described and can be pressed", async () => {
  serve({ getSystem: SYSTEM, listEmbeddings: [], getDataset: SOURCE, planPreprocess: PLAN });
  choose();
  draw(<PreprocessPage />);
  expect(await screen.findByText(/^1 picture of .* into mira · overwrites nothing$/u, {}, PATIENT)).toBeDefined();
  expect(button().disabled).toBe(false);
  expect(screen.getByText("Exists, with 1 picture")).toBeDefined();
});

test("pictures of these names in the destination are told beside it, and the button waits", async () => {
  const destinationFault = "“/data/datasets/mira” already holds 00000-0-1.png";
  serve({ getSystem: SYSTEM, listEmbeddings: [], getDataset: SOURCE, planPreprocess: { ...PLAN, destinationFault } });
  choose();
  draw(<PreprocessPage />);
  expect(await screen.findByText(destinationFault, {}, PATIENT)).toBeDefined();
  expect(button().disabled).toBe(true);
});

test.each([
  ["processDst", "DESTINATION_IS_SOURCE", "The destination is the source itself"],
  ["processSrc", "NO_PICTURES", "There are no pictures"],
] as const)("a fault of %s stands beside it, and the button waits", async (field, code, message) => {
  const planPreprocess = new LexemeError(code, message, { details: { field } });
  serve({ getSystem: SYSTEM, listEmbeddings: [], getDataset: SOURCE, planPreprocess });
  choose();
  draw(<PreprocessPage />);
  await waitFor(() => {
    const { processSrc, processDst } = {
      processSrc: screen.getByLabelText("Source directory"),
      processDst: screen.getByLabelText("Destination directory"),
    };
    expect((field === "processSrc" ? processSrc : processDst).getAttribute("aria-invalid")).toBe("true");
  }, PATIENT);
  expect(screen.getByText(message)).toBeDefined();
  expect(button().disabled).toBe(true);
});

test("a folder out of reach shows the folders that may be used, an upload instead, and the permission", async () => {
  const outside = new LexemeError("PATH_OUTSIDE", "“/photos” is outside the folders");
  const asked = serve({
    getSystem: SYSTEM,
    listEmbeddings: [],
    getDataset: outside,
    listFolder: ROOTS,
    setFolderAccess: { ...SYSTEM, folderAccess: "open" },
  });
  choose();
  const user = draw(<PreprocessPage />);
  expect(await screen.findByText("Data sets", {}, PATIENT)).toBeDefined();
  expect(screen.getByText("Upload instead")).toBeDefined();
  expect(button().disabled).toBe(true);
  await user.click(screen.getByText("Allow any folder…"));
  await user.click(await screen.findByRole("button", { name: "Allow any folder" }));
  expect(asked.find(({ route }) => route === "setFolderAccess")?.body).toEqual({ anyFolder: true });
});

test("a picture of an upload is taken away with one press", async () => {
  const asked = serve({
    getSystem: SYSTEM,
    listEmbeddings: [],
    getDataset: SOURCE,
    planPreprocess: PLAN,
    removeDatasetPicture: { undoToken: "1" },
  });
  choose();
  const user = draw(<PreprocessPage />);
  await user.click(await screen.findByText(/^Source/u, { selector: "span" }, PATIENT));
  await user.click(await screen.findByLabelText("Take 1.png away"));
  const removed = asked.find(({ route }) => route === "removeDatasetPicture");
  expect(removed?.body).toEqual({ path: "/data/mira/1.png" });
  expect(screen.getByText("Add pictures")).toBeDefined();
});
