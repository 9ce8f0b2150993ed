// @vitest-environment happy-dom
/** @file A new embedding does not begin with the pictures of another one. */
import { beforeEach, expect, test } from "vitest";
import { preprocessForm, trainForm } from "./forms.ts";
import { sessionStore, setSession } from "./session.ts";
import { trainingRow } from "../testing/rows.ts";
import { applySnapshot } from "./jobs.ts";
import { beginWord, chooseForTraining, rememberDataset, renameForTraining } from "./training-choice.ts";

beforeEach(() => {
  for (const form of [preprocessForm, trainForm]) form.reset();
  setSession({ embedding: null, dataset: null, preparedWord: null, datasets: {} });
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

test("each embedding brings its own folder of pictures back", () => {
  chooseForTraining("anna");
  expect(folders()[1]).toBe("/data/datasets/anna");
  rememberDataset("mira", "/data/datasets/mira");
  chooseForTraining("mira");
  expect(folders()[1]).toBe("/data/datasets/mira");
  expect(sessionStore.getState().dataset).toBe("/data/datasets/mira");
  chooseForTraining("anna");
  expect(folders()[1]).toBe("/data/datasets/anna");
});

test("in a new browser an embedding's folder is the one of its newest training", () => {
  applySnapshot([
    trainingRow({ embeddingName: "mira", dataRoot: "/data/datasets/old" }, { id: "1", createdAt: 1 }),
    trainingRow({ embeddingName: "mira", dataRoot: "/data/datasets/mira" }, { id: "2", createdAt: 2 }),
  ]);
  trainForm.patch({ embeddingName: "anna" });
  chooseForTraining("mira");
  expect(folders()[1]).toBe("/data/datasets/mira");
  applySnapshot([]);
});

test("the folder follows a rename, and a new embedding with the old name does not get it", () => {
  chooseForTraining("anna");
  rememberDataset("anna", "/data/datasets/anna");
  rememberDataset("lena", "/data/datasets/earlier-lena");
  renameForTraining("anna", "lena");
  expect(trainForm.read().values.embeddingName).toBe("lena");
  expect(sessionStore.getState().datasets).toEqual({ lena: "/data/datasets/anna" });
  setSession({ preparedWord: "lena" });
  beginWord("anna");
  expect(folders()).toEqual(["", ""]);
});
