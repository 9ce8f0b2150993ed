/** @file The caption board: captions save themselves, are edited together, and are left alone if their file cannot be read. */
import { LexemeError } from "@lexeme/core";
import { screen, waitFor } from "@testing-library/react";
import { Toaster } from "sonner";
import { beforeEach, expect, test } from "vitest";
import { trainForm } from "../../../state/forms.ts";
import { sessionStore } from "../../../state/session.ts";
import { draw, serve, type Asked } from "../../../testing/page.ts";
import { embeddingRow, pictureRow } from "../../../testing/rows.ts";
import { CaptionBoard } from "./caption-board.tsx";
import { captionStore } from "./caption-store.ts";

const PICTURES = [
  pictureRow("01.png", { caption: "red hair" }),
  pictureRow("02.png", { caption: "red coat, snow" }),
  pictureRow("03.png", { caption: "", captionFault: "03.txt is neither UTF-8 nor UTF-16" }),
];
const BOARD = (
  <CaptionBoard dataset={{ path: "/data/mira", pictures: PICTURES, broken: [], isUpload: false }} job={null} />
);

beforeEach(() => {
  captionStore.setState({ drafts: {}, statuses: {} });
  trainForm.reset();
});

function saved(asked: Asked[]): unknown[] {
  return asked.filter(({ route }) => route === "saveCaption").map(({ body }) => body);
}

test("a caption is saved when its field is left, and the card says so", async () => {
  const asked = serve({ saveCaption: pictureRow("01.png", { caption: "red hair, smiling" }) });
  const user = draw(BOARD);
  await user.type(screen.getByLabelText("Caption of picture 1, 01.png"), ", smiling");
  await user.tab();
  // At once: the save that a pause in typing brings comes later.
  expect(saved(asked)).toHaveLength(1);
  expect(await screen.findByText("saved")).toBeDefined();
  expect(saved(asked)).toEqual([{ path: "/data/mira/01.png", caption: "red hair, smiling" }]);
});

test("a caption that could not be saved stays as it was typed, with the reason and another try", async () => {
  serve({ saveCaption: new LexemeError("DISK_FULL", "The disk is full") });
  const user = draw(BOARD);
  const field = screen.getByLabelText("Caption of picture 1, 01.png");
  await user.type(field, "!");
  await user.tab();
  expect((await screen.findByRole("alert")).textContent).toBe("Not saved: The disk is full");
  expect(field).toHaveProperty("value", "red hair!");
  expect(screen.getByText("Save again")).toBeDefined();
});

test("a caption that is no prompt says so on its card, and can be corrected there", async () => {
  const asked = serve({ saveCaption: pictureRow("01.png", { caption: "(red)" }) });
  const promptFault = 'Cannot read the weight "1.2.3" at character 6 of the prompt';
  const pictures = [pictureRow("01.png", { caption: "(red:1.2.3)", promptFault })];
  const user = draw(
    <CaptionBoard dataset={{ path: "/data/mira", pictures, broken: [], isUpload: false }} job={null} />,
  );
  expect(screen.getByText(`A training leaves this picture out: ${promptFault}`)).toBeDefined();
  const field = screen.getByLabelText("Caption of picture 1, 01.png");
  await user.clear(field);
  await user.type(field, "(red)");
  await user.tab();
  expect(saved(asked)).toEqual([{ path: "/data/mira/01.png", caption: "(red)" }]);
});

test("a word is replaced in all captions that hold it", async () => {
  const asked = serve({});
  const user = draw(BOARD);
  await user.click(screen.getByText("Edit all captions"));
  await user.type(await screen.findByLabelText("Find"), "red");
  expect(screen.getByText("Replace in 2 captions")).toBeDefined();
  await user.type(screen.getByLabelText("Replace with"), "blue{Enter}");
  expect(screen.getByLabelText("Caption of picture 2, 02.png")).toHaveProperty("value", "blue coat, snow");
  await waitFor(() => expect(saved(asked)).toHaveLength(2));
});

test("a caption whose file cannot be read shows the reason, and cannot be edited", () => {
  serve({});
  draw(BOARD);
  expect(screen.getByLabelText("Caption of picture 3, 03.png")).toHaveProperty("readOnly", true);
  expect(screen.getByText("03.txt is neither UTF-8 nor UTF-16")).toBeDefined();
});

test("a draft for a caption that can no longer be read is not sent, and can be copied or discarded", async () => {
  const asked = serve({});
  captionStore.setState({ drafts: { "/data/mira/03.png": "red scarf", "/data/anna/01.png": "red hair, hat" } });
  const user = draw(
    <>
      {BOARD}
      <Toaster />
    </>,
  );
  const field = screen.getByLabelText("Caption of picture 3, 03.png");
  expect(field).toHaveProperty("value", "red scarf");
  await user.click(field);
  await user.tab();
  expect(saved(asked)).toEqual([{ path: "/data/anna/01.png", caption: "red hair, hat" }]);
  expect(screen.queryByText("Save again")).toBeNull();
  await user.click(screen.getByText("Discard what was typed"));
  expect(field).toHaveProperty("value", "");
  expect(screen.queryByText("Discard what was typed")).toBeNull();
  await user.click(await screen.findByText("Undo"));
  expect(field).toHaveProperty("value", "red scarf");
  expect(saved(asked)).toHaveLength(1);
});

test("a double click adds a phrase once, and its leading comma is not doubled", async () => {
  serve({});
  const user = draw(BOARD);
  await user.click(screen.getByText("Edit all captions"));
  await user.type(await screen.findByLabelText("Add to the end of all captions"), ", outdoors");
  await user.dblClick(screen.getByRole("button", { name: "Add to 2 captions" }));
  expect(screen.getByLabelText("Caption of picture 1, 01.png")).toHaveProperty("value", "red hair, outdoors");
  expect(screen.getByLabelText("Caption of picture 2, 02.png")).toHaveProperty("value", "red coat, snow, outdoors");
});

test("captions guessed from file names are pale, and one press keeps or drops one of them or all", async () => {
  const guess = (file: string, caption: string) => pictureRow(file, { caption, hasCaptionFile: false });
  const pictures = [pictureRow("01.png", { caption: "red hair" }), guess("g2.png", "img 2"), guess("g3.png", "img 3")];
  const asked = serve({ saveCaption: pictureRow("g2.png", { caption: "img 2" }) });
  const user = draw(
    <>
      <CaptionBoard dataset={{ path: "/data/mira", pictures, broken: [], isUpload: false }} job={null} />
      <Toaster />
    </>,
  );
  const isPale = (index: number, file: string): boolean =>
    screen.getByLabelText(`Caption of picture ${index}, ${file}`).dataset["guess"] === "true";
  expect([isPale(1, "01.png"), isPale(2, "g2.png"), isPale(3, "g3.png")]).toEqual([false, true, true]);
  expect(screen.getByText(/^2 captions are guesses from the file name/u)).toBeDefined();

  await user.click(screen.getByLabelText("Keep the guess for g2.png"));
  await waitFor(() => expect(saved(asked)).toEqual([{ path: "/data/mira/g2.png", caption: "img 2" }]));
  await user.click(screen.getByText("Drop all"));
  await waitFor(() =>
    expect(saved(asked).slice(1)).toEqual([
      { path: "/data/mira/g2.png", caption: "" },
      { path: "/data/mira/g3.png", caption: "" },
    ]),
  );
  // A caption that was typed meanwhile stays.
  await user.type(screen.getByLabelText("Caption of picture 3, g3.png"), "red hat");
  await user.click(await screen.findByText("Undo"));
  await waitFor(() => expect(saved(asked)).toContainEqual({ path: "/data/mira/g2.png", caption: "img 2" }));
  expect(saved(asked)).not.toContainEqual({ path: "/data/mira/g3.png", caption: "img 3" });
});

test("a word that was deleted is not offered for training", async () => {
  serve({ listEmbeddings: [embeddingRow("anna")] });
  sessionStore.setState({ embedding: "mira" });
  draw(BOARD);
  expect(await screen.findByText("Train on these 3 pictures")).toBeDefined();
});
