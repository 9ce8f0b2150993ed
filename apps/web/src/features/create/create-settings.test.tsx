/** @file Create's fields say before the press what is wrong or has an effect elsewhere. */
import { screen, waitFor } from "@testing-library/react";
import type { Tokenized } from "@lexeme/protocol";
import { expect, test, vi } from "vitest";
import { createForm } from "../../state/forms.ts";
import { draw, serve } from "../../testing/page.ts";
import { embeddingRow } from "../../testing/rows.ts";
import { CreateSettings } from "./create-settings.tsx";
import { CreateStart } from "./create-start.tsx";

const tokenized = (...tokens: Tokenized["tokens"]): Tokenized => ({
  tokens,
  used: tokens.length,
  limit: 75,
  chunks: [tokens.length],
  spans: [],
  embeddings: [],
  hints: [],
});

test("a name that is a common word of the model gets a warning with the effect, and is allowed", async () => {
  serve({ listEmbeddings: [], tokenize: tokenized({ id: 2308, text: "woman" }) });
  const user = draw(<CreateSettings />);
  await user.type(screen.getByLabelText("Name"), "woman");
  expect(await screen.findByText(/every prompt with this word will use the embedding/u)).toBeDefined();
});

test("a rare token of the vocabulary is a good name", async () => {
  const asked = serve({ listEmbeddings: [], tokenize: tokenized({ id: 22_762, text: "mira" }) });
  const user = draw(<CreateSettings />);
  await user.type(screen.getByLabelText("Name"), "mira");
  await expect
    .poll(() => asked.some(({ body }) => (body as { text?: string } | undefined)?.text === "mira"))
    .toBe(true);
  expect(screen.queryByText(/every prompt with this word/u)).toBeNull();
});

test("a number that was emptied is a fault at once, and the button waits", async () => {
  serve({ listEmbeddings: [] });
  const user = draw(
    <>
      <CreateSettings />
      <CreateStart onCreated={() => undefined} />
    </>,
  );
  await user.type(screen.getByLabelText("Name"), "mira");
  await user.clear(screen.getByLabelText("Number of vectors per token"));
  expect(screen.getByText("A number is needed here")).toBeDefined();
  expect(screen.getByRole<HTMLButtonElement>("button", { name: /^Create embedding/u }).disabled).toBe(true);
});

test("a name that is typed while an embedding is being made stays", async () => {
  serve({ listEmbeddings: [], createEmbedding: embeddingRow("mira") });
  const answerAtOnce = fetch;
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    if (init.method === "POST" && url === "/api/embeddings") await held;
    return answerAtOnce(url, init);
  });
  const made: string[] = [];
  const user = draw(
    <>
      <CreateSettings />
      <CreateStart onCreated={({ name }) => made.push(name)} />
    </>,
  );
  await user.type(screen.getByLabelText("Name"), "mira");
  await user.click(screen.getByRole("button", { name: /^Create embedding/u }));
  await user.clear(screen.getByLabelText("Name"));
  await user.type(screen.getByLabelText("Name"), "vera");
  release();
  await waitFor(() => expect(made).toEqual(["mira"]));
  expect(createForm.read().values.name).toBe("vera");
});
