/** @file A double click on a button that sends something is one press. */
import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { LexemeError } from "@lexeme/core";
import { createForm } from "../../state/forms.ts";
import { draw, serve } from "../../testing/page.ts";
import { embeddingRow } from "../../testing/rows.ts";
import { CreateSettings } from "./create-settings.tsx";
import { CreateStart } from "./create-start.tsx";
import { NameDialog } from "./list/name-dialog.tsx";

const button = (name: RegExp | string) => screen.getByRole("button", { name });

test("a double click on Create embedding makes one embedding and leaves no error", async () => {
  const asked = serve({ listEmbeddings: [], createEmbedding: embeddingRow("mira") });
  createForm.patch({ name: "mira" });
  const made: string[] = [];
  const user = draw(
    <>
      <CreateSettings />
      <CreateStart onCreated={({ name }) => made.push(name)} />
    </>,
  );
  await user.click(button(/^Create embedding/u));
  // The answer of a fast server comes between the two presses.
  await waitFor(() => expect(made).toEqual(["mira"]));
  await user.click(button(/^Create embedding/u));
  expect(asked.filter(({ route }) => route === "createEmbedding")).toHaveLength(1);
  expect(createForm.read().errors).toEqual({});
});

test("after a refusal every press counts", async () => {
  const refusal = new LexemeError("EMBEDDING_EXISTS", "It is there already", { details: { field: "initText" } });
  const asked = serve({ listEmbeddings: [], createEmbedding: refusal });
  createForm.patch({ name: "mira" });
  const user = draw(<CreateStart onCreated={() => undefined} />);
  await user.click(button(/^Create embedding/u));
  await waitFor(() => expect(createForm.read().errors).not.toEqual({}));
  createForm.patch({ initText: "man" });
  await user.click(button(/^Create embedding/u));
  await waitFor(() => expect(asked.filter(({ route }) => route === "createEmbedding")).toHaveLength(2));
});

test("a double click on Copy asks once", async () => {
  const asked = serve({ listEmbeddings: [] });
  const user = draw(
    <NameDialog naming={{ embedding: embeddingRow("mira"), action: "copy" }} onClose={() => undefined} />,
  );
  await user.dblClick(await screen.findByRole("button", { name: "Copy" }));
  expect(asked.filter(({ route }) => route === "copyEmbedding")).toHaveLength(1);
});
