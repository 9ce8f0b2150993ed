/** @file The sizes of hires fix are A1111's. */
import { expect, test } from "vitest";
import { hiresSize } from "./hires-size.ts";

const size = (width: number, height: number) => ({ width, height });

test.each([
  ["by scale", [512, 768], { hrScale: 1.5 }, { upscaled: size(768, 1152), final: size(768, 1152) }],
  [
    "a scale that gives no multiple of eight",
    [517, 512],
    { hrScale: 2 },
    { upscaled: size(1034, 1024), final: size(1032, 1024) },
  ],
  ["by width", [512, 768], { hrResizeX: 700 }, { upscaled: size(700, 1050), final: size(696, 1048) }],
  ["by height", [512, 768], { hrResizeY: 1000 }, { upscaled: size(666, 1000), final: size(664, 1000) }],
  [
    "both, taller than the picture",
    [512, 512],
    { hrResizeX: 768, hrResizeY: 1024 },
    { upscaled: size(1024, 1024), cut: size(32, 0), final: size(768, 1024) },
  ],
  [
    "both, wider than the picture",
    [512, 768],
    { hrResizeX: 1024, hrResizeY: 1000 },
    { upscaled: size(1024, 1536), cut: size(0, 67), final: size(1024, 1000) },
  ],
  [
    "both of the picture's proportions",
    [512, 768],
    { hrResizeX: 1024, hrResizeY: 1536 },
    { upscaled: size(1024, 1536), final: size(1024, 1536) },
  ],
] as const)("%s", (_, [width, height], settings, expected) => {
  const found = hiresSize({ width, height, hrScale: 2, hrResizeX: 0, hrResizeY: 0, ...settings });
  expect(found).toEqual({ cut: size(0, 0), ...expected });
});
