/** @file The demo's story, filled into every tab, under the suggested word or another. */
import type { Embedding, System } from "@lexeme/protocol";
import { embeddingOfName } from "../../parts/embeddings/embedding-of-name.ts";
import { createForm, preprocessForm, trainForm, txt2imgForm } from "../../state/forms.ts";
import { sessionStore, setSession } from "../../state/session.ts";
import { joinPath } from "../../ui/text/folder-path.ts";

/** The word that the demo suggests. */
export function demoWord({ demo }: System): string {
  const name = demo.suggested.create["name"];
  return typeof name === "string" ? name : "demo";
}

/** The word itself, or `mira-2` and so on while it is taken. */
export function freeWord(word: string, embeddings: readonly Embedding[]): string {
  let free = word;
  for (let number = 2; embeddingOfName(embeddings, free) !== undefined; number++) free = `${word}-${number}`;
  return free;
}

const FORMS = [createForm, preprocessForm, trainForm, txt2imgForm];

/**
 * Fills in every tab and starts the guide. With a word that is there already, the story goes on after its creation. Returns a function that
 * brings back what the tabs held before; null if they held nothing.
 */
export function fillInDemo(system: System, { name, isThere }: { name: string; isThere: boolean }): (() => void) | null {
  const before = FORMS.map((form) => form.store.getState().changed);
  const session = sessionStore.getState();
  const { suggested, photos } = system.demo;
  const dataset = joinPath(system.folders.datasets, name);
  const named = (settings: Record<string, unknown>) => renamed(settings, { from: demoWord(system), to: name });
  for (const form of FORMS) form.reset();
  if (!isThere) createForm.patch(named(suggested.create));
  preprocessForm.patch({ processSrc: photos, processDst: dataset, ...suggested.preprocess });
  trainForm.patch({ dataRoot: dataset, ...named(suggested.train) });
  txt2imgForm.patch(named(suggested.txt2img));
  setSession({ guide: "on", guideWord: name, embedding: name, dataset: null, preparedWord: null });
  if (before.every((changed) => Object.keys(changed).length === 0)) return null;
  return () => {
    for (const [i, form] of FORMS.entries()) {
      form.reset();
      form.store.setState({ changed: before[i] ?? {} });
    }
    const { embedding, dataset: chosen, preparedWord, guide, guideWord } = session;
    setSession({ embedding, dataset: chosen, preparedWord, guide, guideWord });
  };
}

/** The settings with another word, in prompts too. */
function renamed(settings: Record<string, unknown>, { from, to }: { from: string; to: string }) {
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [
      key,
      typeof value === "string" ? value.replaceAll(from, () => to) : value,
    ]),
  );
}
