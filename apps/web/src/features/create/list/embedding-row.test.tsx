/** @file One embedding of the list and its actions. */
import { LexemeError } from "@lexeme/core";
import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { trainForm } from "../../../state/forms.ts";
import { sessionStore } from "../../../state/session.ts";
import { draw, serve } from "../../../testing/page.ts";
import { embeddingRow } from "../../../testing/rows.ts";
import { EmbeddingList } from "./embedding-list.tsx";

test("an embedding that does not fit shows the reason and cannot be trained; one that fits is opened in Train", async () => {
  const wide = embeddingRow("wide", { width: 1024, misfitReason: "its vectors are 1024 wide, the checkpoint's 768" });
  serve({ listEmbeddings: [embeddingRow("mira", { step: 1200 }), wide] });
  const user = draw(<EmbeddingList highlight={null} />);
  expect(await screen.findByText("Its vectors are 1024 wide, the checkpoint's 768")).toBeDefined();
  expect(screen.getByText("1,200 steps")).toBeDefined();
  expect(screen.queryByLabelText("Train wide")).toBeNull();
  await user.click(screen.getByLabelText("Train mira"));
  expect(sessionStore.getState().embedding).toBe("mira");
  expect(location.pathname).toBe("/train");
});

test("with two files of one name, each row says which file prompts use", async () => {
  serve({
    listEmbeddings: [
      embeddingRow("mira", { collision: { isUsed: false, others: ["sub/mira.pt"] } }),
      embeddingRow("mira", { path: "sub/mira.pt", folder: "sub", collision: { isUsed: true, others: ["mira.pt"] } }),
    ],
  });
  draw(<EmbeddingList highlight={null} />);
  expect(await screen.findByText("Not used by prompts: sub/mira.pt has the same name")).toBeDefined();
  expect(screen.getByText("Prompts use this one; mira.pt has the same name")).toBeDefined();
});

test("an invalid name is not sent, and the server's refusal of a taken one is shown", async () => {
  const taken = new LexemeError("EMBEDDING_EXISTS", "There is an embedding “anna” already");
  const asked = serve({ listEmbeddings: [embeddingRow("mira")], renameEmbedding: taken });
  const user = draw(<EmbeddingList highlight={null} />);
  await user.click(await screen.findByLabelText("More for mira"));
  await user.click(await screen.findByText("Rename…"));
  const field = await screen.findByLabelText("New name");
  await user.clear(field);
  await user.type(field, ".anna{Enter}");
  expect(screen.getByText("A name cannot begin with a dot")).toBeDefined();
  expect(asked.some(({ route }) => route === "renameEmbedding")).toBe(false);
  await user.clear(field);
  await user.type(field, "anna{Enter}");
  const [renamed] = asked.filter(({ route }) => route === "renameEmbedding");
  expect(renamed?.body).toEqual({ name: "anna", path: "mira.pt" });
  expect(await screen.findByText("There is an embedding “anna” already")).toBeDefined();
});

test("Train begins with the embedding itself, whatever copy of another one was chosen before", async () => {
  serve({ listEmbeddings: [embeddingRow("mira")] });
  trainForm.patch({ embeddingName: "anna", resumeFrom: "/runs/anna/anna-300.pt" });
  const user = draw(<EmbeddingList highlight={null} />);
  await user.click(await screen.findByLabelText("Train mira"));
  expect(trainForm.read().values).toMatchObject({ embeddingName: "mira", resumeFrom: null });
});
