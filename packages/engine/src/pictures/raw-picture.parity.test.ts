/** @file Colours of decoded pictures as Pillow gives them (`fixtures/cmyk.py`). */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readPicture } from "./raw-picture.ts";

const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));

test.each(["cmyk.tif", "cmyk.jpg"])("%s has Pillow's colours, pixel for pixel", async (name) => {
  const expected: Record<string, number[]> = JSON.parse(await readFile(fixture("cmyk.json"), "utf8"));
  const { width, height, data } = await readPicture(fixture(name));
  expect([width, height]).toEqual([8, 8]);
  expect([...data]).toEqual(expected[name]);
});
