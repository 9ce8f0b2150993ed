/** @file Names that every operating system allows, and the sentences for names that one refuses. */
import { describe, expect, it } from "vitest";
import { EmbeddingNameSchema } from "../settings/create-embedding-settings.ts";
import { cutToBytes, fileNameFault } from "./file-name.ts";

describe("names of new files", () => {
  it.each([
    "mira",
    "Mira 2",
    "v1.5",
    "हिन्दी नया",
    "cafe\u0301",
    "console",
    "com",
    "nul-1",
    "字".repeat(66),
    "x".repeat(100),
  ])("%j is taken", (name) => {
    expect(fileNameFault(name)).toBeUndefined();
    expect(EmbeddingNameSchema.parse(name)).toBe(name);
  });

  it.each([
    ["字".repeat(67), "at most 200 bytes"],
    ["con", 'Windows keeps "con" for a device'],
    ["AUX", 'Windows keeps "AUX" for a device'],
    ["Com1.5", 'Windows keeps "Com1.5" for a device'],
    ["lpt²", 'Windows keeps "lpt²" for a device'],
    ["mira.", "cannot end with a dot"],
    ["mira .", "cannot end with a dot"],
    [".mira", "cannot begin with a dot"],
  ])("%j is refused with a sentence", (name, sentence) => {
    expect(fileNameFault(name)).toContain(sentence);
    expect(EmbeddingNameSchema.safeParse(name).error?.issues[0]?.message).toContain(sentence);
  });

  it.each(["mira.pt", "mira.PT", "mira.safetensors", "mira.png"])(
    "%j, which has the ending of an embedding's file, is no name of an embedding",
    (name) => {
      expect(EmbeddingNameSchema.safeParse(name).error?.issues[0]?.message).toContain("Leave out the ending");
    },
  );

  it("a text is cut between characters", () => {
    expect(cutToBytes("aé字😀", 10)).toBe("aé字😀");
    expect(cutToBytes("aé字😀", 9)).toBe("aé字");
    expect(cutToBytes("aé字😀", 5)).toBe("aé");
    expect(cutToBytes("😀", 3)).toBe("");
  });
});
