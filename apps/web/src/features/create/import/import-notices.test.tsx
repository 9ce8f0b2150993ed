/** @file Embeddings dropped onto Create. */
import { LexemeError } from "@lexeme/core";
import { fireEvent, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { draw, serve } from "../../../testing/page.ts";
import { embeddingRow } from "../../../testing/rows.ts";
import { CreatePage } from "../create-page.tsx";

function drop(...names: string[]): void {
  const files = names.map((name) => new File(["vectors"], name));
  const event = new Event("drop", { bubbles: true, cancelable: true });
  fireEvent(window, Object.assign(event, { dataTransfer: { files, types: ["Files"] } }));
}

test("a dropped embedding is added, and its name is told", async () => {
  const asked = serve({ listEmbeddings: [embeddingRow("anna")], importEmbedding: [embeddingRow("anna")] });
  draw(<CreatePage />);
  await screen.findByText("1 embedding");
  drop("anna.pt");
  expect(await screen.findByText(/^Added “anna”/u)).toBeDefined();
  expect(asked.filter(({ route }) => route === "importEmbedding")).toHaveLength(1);
});

test("a taken name is asked about, with a free name proposed", async () => {
  const taken = new LexemeError("EMBEDDING_EXISTS", "There is an embedding already", { details: { name: "mira" } });
  const asked = serve({ listEmbeddings: [embeddingRow("mira")], importEmbedding: taken });
  const user = draw(<CreatePage />);
  await screen.findByText("1 embedding");
  drop("mira.pt");
  expect(await screen.findByLabelText<HTMLInputElement>("Name for mira.pt")).toHaveProperty("value", "mira-2");
  await user.click(screen.getByText("Replace"));
  const urls = asked.filter(({ route }) => route === "importEmbedding").map(({ url }) => url);
  expect(urls).toEqual(["/api/embeddings/import", "/api/embeddings/import?overwriteOld=true"]);
});

test("a broken file is refused with the reason", async () => {
  const broken = new LexemeError("EMBEDDING_UNREADABLE", "It is not a zip file");
  serve({ listEmbeddings: [embeddingRow("mira")], importEmbedding: broken });
  draw(<CreatePage />);
  await screen.findByText("1 embedding");
  drop("broken.pt");
  expect(await screen.findByText(/It is not a zip file/u)).toBeDefined();
});
