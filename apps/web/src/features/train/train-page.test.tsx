/** @file Train in a browser where nothing was chosen shows the embedding that was trained last. */
import { waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { trainForm } from "../../state/forms.ts";
import { applySnapshot } from "../../state/jobs.ts";
import { setSession } from "../../state/session.ts";
import { draw, serve } from "../../testing/page.ts";
import { embeddingRow, trainingRow } from "../../testing/rows.ts";
import { TrainPage } from "./train-page.tsx";

const chosen = () => trainForm.read().values.embeddingName;

test("a browser that chose nothing yet shows the training that failed last", async () => {
  applySnapshot([
    trainingRow({ embeddingName: "vera" }, { id: "1", state: "done", createdAt: 1 }),
    trainingRow({ embeddingName: "mira" }, { id: "2", state: "failed", createdAt: 2 }),
  ]);
  serve({ listEmbeddings: [embeddingRow("mira"), embeddingRow("vera")] });
  draw(<TrainPage />);
  await waitFor(() => expect(chosen()).toBe("mira"));
});

test("a choice stays, and an embedding that is gone is not chosen", async () => {
  setSession({ embedding: "vera" });
  applySnapshot([trainingRow({ embeddingName: "mira" }, { state: "failed" })]);
  const asked = serve({ listEmbeddings: [embeddingRow("vera")] });
  draw(<TrainPage />);
  await waitFor(() => expect(asked.some(({ route }) => route === "listEmbeddings")).toBe(true));
  expect(chosen()).toBe("vera");
});
