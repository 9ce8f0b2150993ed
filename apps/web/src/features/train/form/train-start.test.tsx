/** @file Train's button and line follow the facts: what is gone is not offered. */
import { LexemeError } from "@lexeme/core";
import type { Dataset } from "@lexeme/protocol";
import { screen } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { trainForm } from "../../../state/forms.ts";
import { draw, serve } from "../../../testing/page.ts";
import { embeddingRow, pictureRow } from "../../../testing/rows.ts";
import { TrainStart } from "./train-start.tsx";

const DATASET: Dataset = { path: "/data/mira", pictures: [pictureRow("1.png")], broken: [], isUpload: false };

beforeEach(() => trainForm.patch({ embeddingName: "mira", dataRoot: "/data/mira" }));

const button = (): HTMLButtonElement => screen.getByRole("button", { name: /^Train Embedding/u });

test("a folder that does not exist gets no forecast, and the button waits", async () => {
  const getDataset = new LexemeError("FILE_MISSING", "There is nothing at “/data/mira”");
  serve({ listEmbeddings: [embeddingRow("mira")], listRuns: [], getDataset });
  draw(<TrainStart jobs={[]} />);
  expect(await screen.findByText("Dataset directory: There is nothing at “/data/mira”")).toBeDefined();
  expect(button().disabled).toBe(true);
});

test("an embedding that was deleted is not trained", async () => {
  serve({ listEmbeddings: [embeddingRow("anna")], listRuns: [], getDataset: DATASET });
  draw(<TrainStart jobs={[]} />);
  expect(await screen.findByText(/^There is no embedding “mira” any more/u)).toBeDefined();
  expect(button().disabled).toBe(true);
});

test("with both there, the button can be pressed", async () => {
  serve({ listEmbeddings: [embeddingRow("mira")], listRuns: [], getDataset: DATASET });
  draw(<TrainStart jobs={[]} />);
  expect(await screen.findByText(/updates mira\.pt, overwrites nothing else/u)).toBeDefined();
  expect(button().disabled).toBe(false);
});
