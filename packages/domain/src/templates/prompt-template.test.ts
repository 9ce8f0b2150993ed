/** @file Templates and captions. */
import { describe, expect, it } from "vitest";
import { captionFromFileName, fillTemplate, parseTemplate, varyCaption } from "./prompt-template.ts";
import { SHIPPED_TEMPLATES } from "./shipped-templates.ts";

describe("fillTemplate", () => {
  it("fills every variable, the caption first", () => {
    expect(fillTemplate("[name] of [filewords], [name]", { name: "cat", filewords: "a car" })).toBe(
      "cat of a car, cat",
    );
    expect(fillTemplate("[filewords]", { name: "cat", filewords: "my [name]" })).toBe("my cat");
    expect(fillTemplate("[name]", { name: "$& [filewords]", filewords: "x" })).toBe("$& [filewords]");
  });
});

describe("parseTemplate", () => {
  it("reads lines without the white space around them, and leaves out blank lines", () => {
    expect(parseTemplate(" a [name] \r\n\n\tthe [name], [filewords]\n")).toEqual([
      "a [name]",
      "the [name], [filewords]",
    ]);
  });

  it("names the line that has no [name]", () => {
    expect(() => parseTemplate("a [name]\n\npicture")).toThrow(
      expect.objectContaining({ code: "TEMPLATE_WITHOUT_NAME", details: { line: 3 } }),
    );
    expect(() => parseTemplate(" \n")).toThrow(expect.objectContaining({ code: "TEMPLATE_EMPTY" }));
  });
});

describe("shipped templates", () => {
  it("are A1111's in number and kind", () => {
    const sizes = Object.entries(SHIPPED_TEMPLATES).map(([name, lines]) => [name, lines.length]);
    expect(Object.fromEntries(sizes)).toEqual({
      "none.txt": 1,
      "style.txt": 19,
      "style_filewords.txt": 19,
      "subject.txt": 27,
      "subject_filewords.txt": 27,
    });
    expect(SHIPPED_TEMPLATES["subject_filewords.txt"]![2]).toBe("a cropped photo of the [name], [filewords]");
    expect(SHIPPED_TEMPLATES["style_filewords.txt"]![0]).toBe("a painting of [filewords], art by [name]");
  });

  it.each(Object.entries(SHIPPED_TEMPLATES).filter(([name]) => name !== "none.txt"))("%s can train", (_, lines) => {
    expect(parseTemplate(lines.join("\n"))).toEqual(lines);
  });
});

describe("captionFromFileName", () => {
  it.each([
    ["00003-0-a red car.png", "a red car"],
    ["a red car.jpeg", "a red car"],
    ["folder/2024-01-01 holiday.2.png", "holiday.2"],
    [String.raw`C:\pictures\12-cat.png`, "cat"],
    ["00001-0-.png", ""],
    [".hidden", ".hidden"],
    ["x-1.png", "x-1"],
  ])("%s gives %j", (file, caption) => {
    expect(captionFromFileName(file)).toBe(caption);
  });
});

describe("varyCaption", () => {
  const draws =
    (...values: number[]) =>
    () => {
      const value = values.shift();
      if (value === undefined) throw new Error("drew one number too many");
      return value;
    };

  it("changes nothing and draws no random number if nothing is asked", () => {
    expect(varyCaption("a, b", { dropOut: 0, shuffle: false, random: draws() })).toBe("a, b");
  });

  it("drops each tag with the given probability, then shuffles", () => {
    expect(varyCaption("a, b,c", { dropOut: 0.5, shuffle: false, random: draws(0.6, 0.5, 0.9) })).toBe("a,c");
    expect(varyCaption("a,b,c", { dropOut: 0, shuffle: true, random: draws(0, 0) })).toBe("b,c,a");
    expect(varyCaption("a,b", { dropOut: 1, shuffle: true, random: draws(0.9, 0.9) })).toBe("");
  });
});
