import type { Embedding } from "@lexeme/protocol";
import { expect, test } from "vitest";
import { oneOfEachName } from "./embedding-words.ts";

function embedding(name: string, path: string, some: Partial<Embedding> = {}): Embedding {
  return {
    name,
    path,
    folder: "",
    key: null,
    format: "pt",
    vectors: 1,
    width: 768,
    step: 0,
    checkpointName: null,
    checkpointHash: null,
    shortHash: "",
    modifiedAt: 0,
    misfitReason: null,
    collision: null,
    previewPath: null,
    ...some,
  };
}

test("of several of one name the one that a prompt uses is the word; one that fits before one that does not", () => {
  const words = oneOfEachName([
    embedding("mira", "mira.pt", { collision: { isUsed: false, others: ["sub/mira.pt"] } }),
    embedding("mira", "sub/mira.pt", { collision: { isUsed: true, others: ["mira.pt"] } }),
    embedding("wide", "wide.pt", { misfitReason: "its vectors are 1024 wide" }),
    embedding("wide", "wide.safetensors"),
    embedding("broken", "broken.pt", { misfitReason: "it cannot be read" }),
  ]);
  expect(words.map(({ path }) => path)).toEqual(["sub/mira.pt", "wide.safetensors", "broken.pt"]);
});
