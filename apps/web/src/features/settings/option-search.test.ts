import { expect, test } from "vitest";
import { findOptions } from "./option-search.ts";

const names = (search: string, among?: string[]) =>
  findOptions(search, among && new Set(among)).flatMap(({ entries }) => entries.map(({ name }) => name));

test("an empty search finds every section and option", () => {
  expect(findOptions("").map(({ title }) => title)).toContain("Sampler parameters");
  expect(names("").length).toBeGreaterThan(40);
});

test("a search looks at label, help, section and A1111's name, in any order of words", () => {
  expect(names("clip skip")).toEqual(["CLIP_stop_at_last_layers"]);
  expect(names("CLIP_stop")).toEqual(["CLIP_stop_at_last_layers"]);
  expect(names("webp quality")).toContain("jpeg_quality");
  expect(names("sampler ddim eta")).toEqual(["eta_ddim"]);
  expect(names("nothing of the kind")).toEqual([]);
});

test("a search among given names finds only those", () => {
  expect(names("", ["eta_ddim", "n_rows"])).toEqual(["eta_ddim", "n_rows"]);
  expect(names("grid", ["eta_ddim", "n_rows"])).toEqual(["n_rows"]);
});
