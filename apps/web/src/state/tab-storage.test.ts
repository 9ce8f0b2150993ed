// @vitest-environment happy-dom
/** @file Two tabs of one browser: each keeps its own form over a reload, and a new tab begins with the newest text. */
import { Txt2imgSettingsSchema } from "@lexeme/domain/settings";
import { beforeEach, expect, test, vi } from "vitest";

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});

/** The form of a tab that was just loaded; each browser tab has a session storage of its own. */
async function formOf(tab: Storage) {
  vi.stubGlobal("sessionStorage", tab);
  vi.resetModules();
  const { formStore } = await import("./form-store.ts");
  return formStore(Txt2imgSettingsSchema, "txt2img");
}

function newTab(): Storage {
  const texts = new Map<string, string>();
  return {
    getItem: (key: string) => texts.get(key) ?? null,
    setItem: (key: string, text: string) => void texts.set(key, text),
  } as Storage;
}

test("a tab that is loaded again has its own texts, not those of the tab that typed last", async () => {
  const [one, two] = [newTab(), newTab()];
  (await formOf(one)).patch({ prompt: "a cat" });
  (await formOf(two)).patch({ prompt: "a dog", steps: 9 });
  expect((await formOf(one)).read().values).toMatchObject({ prompt: "a cat", steps: 20 });
  expect((await formOf(two)).read().values).toMatchObject({ prompt: "a dog", steps: 9 });
  expect((await formOf(newTab())).read().values).toMatchObject({ prompt: "a dog", steps: 9 });
});
