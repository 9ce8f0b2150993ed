/** @file Days and rows of the gallery. */
import type { GalleryImage } from "@lexeme/protocol";
import { expect, it } from "vitest";
import { dayTitle } from "../../ui/text/format.ts";
import { galleryRows, gridColumns, mergePages, promptOf } from "./gallery-rows.ts";

function image(path: string, day: string): GalleryImage {
  return { path, file: path, day, width: 512, height: 512, createdAt: 0, infotext: null };
}

const IMAGES = [
  image("e", "2026-11-24"),
  image("d", "2026-11-24"),
  image("c", "2026-11-24"),
  image("b", "2026-11-23"),
  image("a", "2026-11-23"),
];

it("puts a heading before each day and breaks rows at it", () => {
  const rows = galleryRows(IMAGES, 2).map((row) =>
    row.kind === "day" ? `${row.day} (${row.count})` : row.images.map((picture) => picture.path).join(""),
  );
  expect(rows).toEqual(["2026-11-24 (3)", "ed", "c", "2026-11-23 (2)", "ba"]);
});

it("fills the width, or leaves less than a pixel a column", () => {
  const spacing = { minCell: 160, minColumns: 2, gap: 8 };
  expect(gridColumns(1000, spacing)).toEqual({ columns: 6, cell: 160 });
  expect(gridColumns(358, spacing)).toEqual({ columns: 2, cell: 175 });
  expect(gridColumns(100, spacing)).toEqual({ columns: 2, cell: 46 });
});

it("shows a picture once when a new one moved it to the next page", () => {
  const [first, second, third] = IMAGES.slice(0, 3) as [GalleryImage, GalleryImage, GalleryImage];
  expect(mergePages([{ images: [first, second] }, { images: [second, third] }])).toEqual([first, second, third]);
});

it("names days as people do", () => {
  const now = new Date("2026-11-24T00:30:00");
  expect(dayTitle("2026-11-24", now)).toBe("Today");
  expect(dayTitle("2026-11-23", now)).toBe("Yesterday");
  expect(dayTitle("2026-11-20", now)).toMatch(/^Friday,? 20 November 2026$/);
  expect(dayTitle("other", now)).toBe("other");
});

it("reads the prompt of an infotext, with and without a negative prompt", () => {
  expect(promptOf("a photo of mira,\nsmiling\nNegative prompt: sad\nSteps: 20, Seed: 1")).toBe(
    "a photo of mira,\nsmiling",
  );
  expect(promptOf("a photo\nSteps: 20, Seed: 1")).toBe("a photo");
  expect(promptOf(null)).toBe("");
});
