// @vitest-environment happy-dom
/** @file A data folder that was moved takes the forms' paths along, and no others. */
import { expect, test } from "vitest";
import { preprocessForm, trainForm } from "./forms.ts";
import { followDataFolder } from "./moved-folder.ts";
import { sessionStore, setSession } from "./session.ts";

test("paths in the data folder follow it to its new place, and all others stay", () => {
  followDataFolder("/home/anna/lexeme");
  preprocessForm.patch({ processSrc: "/home/anna/lexeme-photos", processDst: "/home/anna/lexeme/datasets/mira" });
  trainForm.patch({ dataRoot: "/home/anna/lexeme/datasets/mira", resumeFrom: "/home/anna/lexeme/logs/mira-50.pt" });
  setSession({ dataset: "/home/anna/lexeme/datasets/mira" });
  followDataFolder("/srv/lexeme");
  expect(preprocessForm.read().values).toMatchObject({
    processSrc: "/home/anna/lexeme-photos",
    processDst: "/srv/lexeme/datasets/mira",
  });
  expect(trainForm.read().values).toMatchObject({
    dataRoot: "/srv/lexeme/datasets/mira",
    resumeFrom: "/srv/lexeme/logs/mira-50.pt",
  });
  expect(sessionStore.getState()).toMatchObject({ dataset: "/srv/lexeme/datasets/mira", dataDir: "/srv/lexeme" });
});

test("the first data folder that is known changes no path", () => {
  sessionStore.setState(sessionStore.getInitialState());
  trainForm.patch({ dataRoot: "/data/faces" });
  followDataFolder("/data");
  expect(trainForm.read().values.dataRoot).toBe("/data/faces");
});
