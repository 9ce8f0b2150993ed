// @vitest-environment happy-dom
/** @file A new embedding does not begin with the pictures of another one. */
import { beforeEach, expect, test } from "vitest";
import { preprocessForm, trainForm } from "./forms.ts";
import { sessionStore, setSession } from "./session.ts";
import { beginWord } from "./training-choice.ts";

beforeEach(() => {
  for (const form of [preprocessForm, trainForm]) form.reset();
  setSession({ embedding: null, dataset: null, preparedWord: null });
  preprocessForm.patch({ processSrc: "/photos/anna", processDst: "/data/datasets/anna" });
  trainForm.patch({ dataRoot: "/data/datasets/anna" });
});

const folders = () => [preprocessForm.read().values.processSrc, trainForm.read().values.dataRoot];

test("folders that were chosen before, but not prepared for an embedding, stay", () => {
  beginWord("anna");
  expect(folders()).toEqual(["/photos/anna", "/data/datasets/anna"]);
  expect(trainForm.read().values.embeddingName).toBe("anna");
});

test("folders that were prepared for one embedding do not stay for the next", () => {
  setSession({ embedding: "anna", preparedWord: "anna", dataset: "/data/datasets/anna" });
  beginWord("mira");
  expect(folders()).toEqual(["", ""]);
  expect(sessionStore.getState()).toMatchObject({ embedding: "mira", dataset: null });
});

test("overwriting the embedding keeps its folders", () => {
  setSession({ preparedWord: "anna" });
  beginWord("anna");
  expect(folders()).toEqual(["/photos/anna", "/data/datasets/anna"]);
});
