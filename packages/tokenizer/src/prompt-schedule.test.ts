/** @file The times at which a prompt changes: A1111's extra call, the second pass of hires fix, and prompts of any size. */
import { describe, expect, it } from "vitest";
import { chunkPrompt } from "./prompt-chunks.ts";
import { loadClipTokenizer } from "./node.ts";
import { findExtraNetworks, preparePrompt } from "./prompt-preparation.ts";
import { promptSchedule, segmentAtCall } from "./prompt-schedule.ts";

const readAt = (prompt: string, steps: number, calls: number) => {
  const segments = promptSchedule(prompt, steps);
  return Array.from({ length: calls }, (_, call) => segments[segmentAtCall(segments, call)]!.text).join("");
};

describe("timing", () => {
  it("the first segment lasts one call longer", () => {
    expect(readAt("[a:b:5]", 10, 10)).toBe("aaaaaabbbb");
    expect(readAt("[a|b]", 6, 6)).toBe("aababa");
  });

  it("after the last segment the first segment returns", () => expect(readAt("[a:b:2]", 4, 7)).toBe("aaabbaa"));

  it("in the second pass, fractions count from 1 and steps count on from the first pass' number", () => {
    const second = (prompt: string) =>
      promptSchedule(prompt, 10, { firstPassSteps: 20 }).map((s) => [s.endAtStep, s.text]);
    expect(second("[a:b:1.5]")).toEqual([
      [5, "a"],
      [10, "b"],
    ]);
    expect(second("[a:b:0.5]")).toEqual([[10, "b"]]);
    expect(second("[a:b:23]")).toEqual([
      [3, "a"],
      [10, "b"],
    ]);
  });
});

describe("any size", () => {
  it.each(["(", "[", "[a:", "[|", "\\(", ")"])("100,000 characters of %s are read at once", (text) => {
    expect(promptSchedule(text.repeat(100_000 / text.length), 20).length).toBeGreaterThan(0);
  });

  it("nesting may be of any depth", () => {
    const deep = `${"[".repeat(20_000)}a${":b:5]".repeat(20_000)}`;
    expect(promptSchedule(deep, 10)).toEqual([
      { endAtStep: 5, text: "a" },
      { endAtStep: 10, text: "b" },
    ]);
  });
});

describe("preparePrompt", () => {
  it("a negative prompt has one part, and keeps tags and AND as text", () => {
    const { parts } = preparePrompt("a <lora:x:1> AND b:2 # c", { role: "negative", steps: 5 });
    expect(parts).toEqual([{ weight: 1, segments: [{ endAtStep: 5, text: "a <lora:x:1> AND b:2 \n" }] }]);
  });

  it("gives the places of tags", () => {
    expect(findExtraNetworks("a <lora:x y:1> <hypernet:z>")).toEqual([
      { position: 2, end: 14, kind: "lora", name: "x y" },
      { position: 15, end: 27, kind: "hypernet", name: "z" },
    ]);
  });
});

describe("chunks of other models and modes", () => {
  const tokenizer = loadClipTokenizer();
  it("brackets are text where weights are not read", () => {
    const { chunks } = chunkPrompt(tokenizer, "(cat:1.5)", { readWeights: false });
    expect(chunks[0]!.ids.slice(1, 8)).toEqual([...tokenizer.encode("(cat:1.5)")].slice(0, 7));
    expect(new Set(chunks[0]!.multipliers)).toEqual(new Set([1]));
  });
});
