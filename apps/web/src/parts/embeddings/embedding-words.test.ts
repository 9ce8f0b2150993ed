import { expect, test } from "vitest";
import { embeddingRow } from "../../testing/rows.ts";
import { oneOfEachName } from "./embedding-words.ts";

test("of several embeddings with one name, the one that prompts use is taken, and one that fits before one that does not", () => {
  const words = oneOfEachName([
    embeddingRow("mira", { path: "mira.pt", collision: { isUsed: false, others: ["sub/mira.pt"] } }),
    embeddingRow("mira", { path: "sub/mira.pt", collision: { isUsed: true, others: ["mira.pt"] } }),
    embeddingRow("wide", { path: "wide.pt", misfitReason: "its vectors are 1024 wide" }),
    embeddingRow("wide", { path: "wide.safetensors" }),
    embeddingRow("broken", { path: "broken.pt", misfitReason: "it cannot be read" }),
  ]);
  expect(words.map(({ path }) => path)).toEqual(["sub/mira.pt", "wide.safetensors", "broken.pt"]);
});
