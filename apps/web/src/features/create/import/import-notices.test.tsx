/** @file Embeddings dropped onto Create. */
import { LexemeError } from "@lexeme/core";
import { fireEvent, screen, waitFor } from "@testing-library/react";
import { expect, test, vi } from "vitest";
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

test("of two taken names the first is asked about first, and a double press does not answer both", async () => {
  const taken = new LexemeError("EMBEDDING_EXISTS", "There is an embedding already", { details: { name: "mira" } });
  const asked = serve({ listEmbeddings: [embeddingRow("mira")], importEmbedding: taken });
  const imports = () => asked.filter(({ route }) => route === "importEmbedding").map(({ url }) => url);
  const user = draw(<CreatePage />);
  await screen.findByText("1 embedding");
  drop("first.pt", "second.pt");
  await screen.findByLabelText("Name for first.pt");
  await waitFor(() => expect(imports()).toHaveLength(2));
  await waitFor(() => expect(screen.getByText("Add files").closest("button")?.dataset["loading"]).toBeUndefined());
  expect(screen.getByLabelText("Name for first.pt")).toBeDefined();
  await user.dblClick(screen.getByText("Replace"));
  await screen.findByLabelText("Name for second.pt");
  expect(imports().slice(2)).toEqual(["/api/embeddings/import?overwriteOld=true"]);
});

test("a file that is dropped while another is being sent is sent after it", async () => {
  const asked = serve({ listEmbeddings: [], importEmbedding: [embeddingRow("anna")] });
  const answerAtOnce = fetch;
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    const answer = await answerAtOnce(url, init);
    if (url.startsWith("/api/embeddings/import")) await held;
    return answer;
  });
  draw(<CreatePage />);
  await screen.findByText("No embeddings yet");
  drop("anna.pt");
  drop("berta.pt");
  const files = () =>
    asked.flatMap(({ body }) => (body instanceof FormData ? [(body.get("embedding") as File).name] : []));
  await waitFor(() => expect(files()).toEqual(["anna.pt"]));
  release();
  await waitFor(() => expect(files()).toEqual(["anna.pt", "berta.pt"]));
});
