/** @file Chunks, the comma rule and its quirk, and embeddings by name. */
import { describe, expect, it } from "vitest";
import { chunkPrompt, emptyChunk } from "./prompt-chunks.ts";
import { loadClipTokenizer } from "./node.ts";
import { removeExtraNetworks, stripPromptComments } from "./prompt-preparation.ts";

const tokenizer = loadClipTokenizer();
const [cat] = tokenizer.encode("cat");
const dog = tokenizer.encode("dog")[0]!;
const COMMA = 267;
const words = (word: string, count: number) => Array(count).fill(word).join(" ");
/** A chunk's tokens between start and the padding. */
const body = (ids: number[]) => ids.slice(1, 76).filter((id) => id !== 49407);

describe("chunkPrompt", () => {
  it("an empty prompt is one chunk of start and end", () => {
    const { chunks, tokenCount } = chunkPrompt(tokenizer, "");
    expect(chunks).toEqual([emptyChunk()]);
    expect(chunks[0]!.ids).toEqual([49406, ...Array(76).fill(49407)]);
    expect(chunks[0]!.multipliers).toEqual(Array(77).fill(1));
    expect(tokenCount).toBe(0);
  });

  it("gives every token its segment's weight, padding has 1", () => {
    const { chunks } = chunkPrompt(tokenizer, "cat (dog:1.5) cat");
    expect(chunks[0]!.ids.slice(0, 5)).toEqual([49406, cat, dog, cat, 49407]);
    expect(chunks[0]!.multipliers.slice(0, 5)).toEqual([1, 1, 1.5, 1, 1]);
  });

  it("75 tokens fill one chunk, 76 need two", () => {
    expect(chunkPrompt(tokenizer, words("cat", 75)).chunks.length).toBe(1);
    const two = chunkPrompt(tokenizer, words("cat", 76));
    expect(two.chunks.map((chunk) => body(chunk.ids).length)).toEqual([75, 1]);
    expect(two.chunks.every((chunk) => chunk.ids.length === 77 && chunk.multipliers.length === 77)).toBe(true);
  });

  it("the text after a comma at most 20 tokens back moves to the next chunk", () => {
    const near = chunkPrompt(tokenizer, `${words("cat", 54)}, ${words("dog", 21)}`);
    // 54 + comma at 54 + 20 dogs = 75 full; the 21st dog finds the comma 21 back, too far.
    expect(near.chunks.map((chunk) => body(chunk.ids).length)).toEqual([75, 1]);
    const nearer = chunkPrompt(tokenizer, `${words("cat", 55)}, (${words("dog", 20)}:1.2)`);
    expect(nearer.chunks.map((chunk) => body(chunk.ids).length)).toEqual([56, 20]);
    expect(body(nearer.chunks[0]!.ids).at(-1)).toBe(COMMA);
    expect(nearer.chunks[1]!.multipliers.slice(0, 22)).toEqual([1, ...Array(20).fill(1.2), 1]);
    expect(nearer.tokenCount).toBe(95);
  });

  it("a comma that does not fit in a full chunk is the first token of the next chunk", () => {
    const { chunks } = chunkPrompt(tokenizer, `${words("cat", 70)}, ${words("dog", 4)}, dog`);
    expect(chunks.map((chunk) => body(chunk.ids))).toEqual([
      [...Array(70).fill(cat), COMMA, ...Array(4).fill(dog)],
      [COMMA, dog],
    ]);
  });

  it("BREAK ends a chunk, and the token count includes the whole chunk", () => {
    const { chunks, tokenCount } = chunkPrompt(tokenizer, "cat BREAK dog");
    expect(chunks.map((chunk) => body(chunk.ids))).toEqual([[cat], [dog]]);
    expect(tokenCount).toBe(76);
  });

  it("a backtrack of 0 switches the comma rule off", () => {
    const { chunks } = chunkPrompt(tokenizer, `${words("cat", 70)}, ${words("dog", 10)}`, { commaBacktrack: 0 });
    expect(chunks.map((chunk) => body(chunk.ids).length)).toEqual([75, 6]);
  });
});

const embeddings = [
  { name: "foo", vectors: 1 },
  { name: "foo-200", vectors: 2 },
  { name: "my_embedding", vectors: 3 },
];
const used = (prompt: string) => chunkPrompt(tokenizer, prompt, { embeddings }).embeddings;

describe("embeddings in prompts", () => {
  it("the user story's prompt finds its embedding, with the bracket's weight on every row", () => {
    const prompt = "A (((oil painting))) of [[[[[my_embedding]]]]] by (((Leonardo da Vinci))))";
    const { chunks, embeddings: names } = chunkPrompt(tokenizer, prompt, { embeddings });
    expect(names).toEqual(["my_embedding"]);
    expect(chunks[0]!.learned).toEqual([0, 1, 2].map((row) => ({ position: 5 + row, embedding: "my_embedding", row })));
    expect(chunks[0]!.ids.slice(5, 8)).toEqual([0, 0, 0]);
    for (const weight of chunks[0]!.multipliers.slice(5, 8)) expect(weight).toBeCloseTo(1.1 ** -5, 12);
  });

  it("the longest name wins, case and spacing do not matter, a longer word is not matched", () => {
    expect(used("a foo-200 and FOO")).toEqual(["foo-200", "foo"]);
    expect(used("FOO -200")).toEqual(["foo-200"]);
    expect(used("foo-2000")).toEqual(["foo-200"]);
    expect(used("food foos")).toEqual([]);
    expect(used("my_(embedding)")).toEqual([]);
  });

  it("an embedding is never split over two chunks", () => {
    const { chunks, tokenCount } = chunkPrompt(tokenizer, `${words("cat", 73)} my_embedding dog`, { embeddings });
    expect(chunks.map((chunk) => body(chunk.ids))).toEqual([Array(73).fill(cat), [0, 0, 0, dog]]);
    expect(chunks[1]!.learned.map((place) => place.position)).toEqual([1, 2, 3]);
    expect(tokenCount).toBe(79);
  });

  it("keeps A1111's quirk: vectors after a comma stay on the old chunk's padding when their placeholders move", () => {
    const prompt = `${words("cat", 69)}, my_embedding ${words("dog", 4)}`;
    const { chunks } = chunkPrompt(tokenizer, prompt, { embeddings });
    expect(body(chunks[0]!.ids)).toEqual([...Array(69).fill(cat), COMMA]);
    expect(chunks[0]!.learned.map((place) => place.position)).toEqual([71, 72, 73]);
    expect(body(chunks[1]!.ids)).toEqual([0, 0, 0, dog, dog, dog, dog]);
    expect(chunks[1]!.learned).toEqual([]);
  });

  it("refuses an embedding with more vectors than a chunk holds", () => {
    const long = [{ name: "long", vectors: 76 }];
    expect(() => chunkPrompt(tokenizer, "a long cat", { embeddings: long })).toThrow(
      expect.objectContaining({ code: "EMBEDDING_TOO_LONG_FOR_PROMPT" }),
    );
  });

  it("counts an embedding's vectors", () => {
    expect(chunkPrompt(tokenizer, "a my_embedding", { embeddings }).tokenCount).toBe(4);
    expect(chunkPrompt(tokenizer, words("cat", 76)).tokenCount).toBe(76);
  });
});

describe("prompt preparation", () => {
  it("a comment becomes a newline, a tag disappears", () => {
    expect(stripPromptComments("a # b\nc#d")).toBe("a \nc\n");
    expect(removeExtraNetworks("a <lora:x y:0.5> b <not a tag>")).toBe("a  b <not a tag>");
  });
});
