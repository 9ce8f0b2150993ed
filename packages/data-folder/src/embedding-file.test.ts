/** @file The errors of reading an embedding: a file's fault has a sentence, a mistake of calling code stays one. */
import { describe, expect, it } from "vitest";
import { namingEmbedding } from "./embedding-file.ts";

describe("an embedding that cannot be read", () => {
  it("has a sentence that names it", () => {
    expect(namingEmbedding("mira", new Error("EIO: i/o error"))).toMatchObject({
      code: "EMBEDDING_UNREADABLE",
      message: 'Cannot use embedding "mira": EIO: i/o error',
    });
  });

  it.each([TypeError, RangeError, ReferenceError])("is not blamed for a %o of calling code", (Mistake) => {
    expect(() => namingEmbedding("mira", new Mistake("a mistake"))).toThrow(Mistake);
  });
});
