/** @file How jobs of all kinds are shown, by their kind. */
import { testJob } from "@lexeme/protocol/testing";
import { expect, it } from "vitest";
import { viewOf, waitsForText } from "./job-kinds.ts";

const drawing = testJob({ kind: "txt2img", settings: { prompt: "a very long prompt" } }, { state: "queued" });
const training = testJob({ kind: "train-embedding", settings: { embeddingName: "mira", dataRoot: "/photos" } });

it("waits for the running job, else for the first one, and does not name a drawing by its prompt", () => {
  expect(waitsForText([])).toBeNull();
  expect(waitsForText([drawing])).toBe("waits for the drawing before it");
  expect(waitsForText([drawing, training])).toBe('waits for the training of "mira"');
  expect(waitsForText([training], "about 12 min")).toBe('waits for the training of "mira" (about 12 min)');
});

it("lists a notebook while it runs or if it failed, and any other job always", () => {
  const { isListed } = viewOf(testJob({ kind: "notebook", settings: { embeddingName: "mira" } }));
  expect((["queued", "running", "failed"] as const).every(isListed)).toBe(true);
  expect((["done", "cancelled"] as const).some(isListed)).toBe(false);
  expect(viewOf(drawing).isListed("done")).toBe(true);
});
