/** @file Compares upscaler models with PyTorch and Pillow (`fixtures/model-upscalers.py`): colours, tiles and their seams, sides that must be divisible. */
import { BASE_BYTES } from "@lexeme/domain/memory";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { readPicture, type RawPicture } from "../pictures/raw-picture.ts";
import { SessionPool } from "../sessions/session-pool.ts";
import { modelUpscaler } from "./model-upscaler.ts";
import { joinTiles, tileBoxes } from "./picture-tiles.ts";

const NETWORKS = fileURLToPath(new URL("../../../networks/fixtures/upscalers/", import.meta.url));
const pool = new SessionPool({ device: "cpu", threads: 2 });
const never = new AbortController().signal;
afterAll(() => pool.dispose());

/** The same picture as in the generator script. */
function picture(width: number, height: number): RawPicture {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const wrapped = (((x - y) * 5) % 256) + 256;
      data.set([x * 3 + y, Math.floor((x * y) / 7), wrapped], (y * width + x) * 3);
    }
  }
  return { width, height, data };
}

test.each([
  ["real-x1.safetensors", 210, 200, 1],
  ["first-x2.pth", 30, 21, 2],
  ["real-x2.pth", 31, 21, 2],
])("%s on %i x %i", async (name, width, height, scale) => {
  const expected = await readPicture(
    fileURLToPath(new URL(`fixtures/model-${name.split(".")[0]}.png`, import.meta.url)),
  );
  expect(expected).toMatchObject({ width: width * scale, height: height * scale });
  // A model with factor 1 does not enlarge, so the test calls `enlarge` directly.
  const enlarged = await modelUpscaler({ name, path: NETWORKS + name }, pool).enlarge(picture(width, height), never);
  expect(enlarged).toMatchObject({ width: expected.width, height: expected.height });
  expect(difference(enlarged, expected)).toBeLessThanOrEqual(1);
  expect(new Set(expected.data).size).toBeGreaterThan(100);
});

test("the result has the requested size, for every factor of the model", async () => {
  const upscaler = modelUpscaler({ name: "a", path: `${NETWORKS}real-x4.pth` }, pool);
  const size = { width: 50, height: 40 };
  expect(await upscaler.upscale(picture(24, 24), size, never)).toMatchObject(size);
});

test("the options set the size of tiles, and with 0 the whole picture is one tile", async () => {
  const enlarged = (tile: number, overlap: number) => {
    const options = { ESRGAN_tile: tile, ESRGAN_tile_overlap: overlap };
    return modelUpscaler({ name: "a", path: `${NETWORKS}real-x4.pth` }, pool, options).enlarge(picture(60, 44), never);
  };
  const whole = await enlarged(0, 8);
  expect(difference(whole, await enlarged(192, 8))).toBe(0);
  const [narrow, wide] = [await enlarged(16, 0), await enlarged(32, 16)];
  expect(difference(whole, narrow)).toBeGreaterThan(difference(whole, wide));
  expect(difference(whole, wide)).toBeGreaterThan(0);
  // An overlap that is as wide as the tile must be reduced, because tiles would not advance.
  expect(await enlarged(16, 48)).toMatchObject({ width: 240, height: 176 });
});

test("tiles that do not fit in memory are replaced by smaller tiles", async () => {
  const small = new SessionPool({ device: "cpu", threads: 2 }, BASE_BYTES + 60e6);
  const enlarged = (of: SessionPool, tile: number) => {
    const options = { ESRGAN_tile: tile, ESRGAN_tile_overlap: 8 };
    return modelUpscaler({ name: "a", path: `${NETWORKS}real-x4.pth` }, of, options).enlarge(picture(300, 210), never);
  };
  const [whole, tiles, asked] = [await enlarged(pool, 0), await enlarged(small, 0), await enlarged(pool, 128)];
  expect(difference(tiles, asked)).toBe(0);
  expect(difference(tiles, whole)).toBeGreaterThan(0);
  await small.dispose();
});

test("a cancel takes effect between tiles", async () => {
  const cancel = new AbortController();
  const upscaler = modelUpscaler({ name: "a", path: `${NETWORKS}real-x4.pth` }, pool);
  const enlarging = upscaler.upscale(picture(600, 600), { width: 1200, height: 1200 }, cancel.signal);
  setTimeout(() => cancel.abort(new Error("enough")), 100);
  await expect(enlarging).rejects.toThrow("enough");
});

test("tiles cover a picture evenly, and joining a picture's tiles gives the same picture", () => {
  const whole = picture(400, 190);
  const options = { tile: 192, overlap: 8 };
  const boxes = tileBoxes(whole, options);
  expect(boxes).toHaveLength(1);
  expect(boxes[0]!.map(({ left, width, height }) => [left, width, height])).toEqual([
    [0, 192, 190],
    [104, 192, 190],
    [208, 192, 190],
  ]);
  const small = picture(40, 40);
  const parts = tileBoxes(small, { tile: 16, overlap: 4 }).map((row) =>
    row.map((box) => ({ box, picture: crop(small, box) })),
  );
  expect(joinTiles(parts, small, 4)).toEqual(small);
});

function crop(
  { width, data }: RawPicture,
  box: { left: number; top: number; width: number; height: number },
): RawPicture {
  const rows = Array.from({ length: box.height }, (_, y) => {
    const from = ((box.top + y) * width + box.left) * 3;
    return [...data.subarray(from, from + box.width * 3)];
  });
  return { width: box.width, height: box.height, data: Uint8Array.from(rows.flat()) };
}

function difference(a: RawPicture, b: RawPicture): number {
  return a.data.reduce((most, value, i) => Math.max(most, Math.abs(value - b.data[i]!)), 0);
}
