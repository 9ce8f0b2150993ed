/** @file Compares pictures with Pillow and latents with torch; `fixtures/resampling.py` makes the expected values. */
import { LATENT_UPSCALERS, type LatentUpscalerName } from "@lexeme/domain/settings";
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { cropLatent, upscaleLatent } from "./latent-upscaler.ts";
import { resampleLanczos, resampleNearest } from "./resample-picture.ts";

interface Fixtures {
  pictures: { from: [number, number]; to: [number, number]; data: string; lanczos: string; nearest: string }[];
  latents: {
    from: [number, number];
    to: [number, number];
    data: string;
    resized: Record<LatentUpscalerName, string>;
  }[];
}

const fixtures = JSON.parse(await readFile(new URL("fixtures/resampling.json", import.meta.url), "utf8")) as Fixtures;

const bytes = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, "base64"));
const floats = (base64: string): Float32Array => new Float32Array(bytes(base64).buffer);

test.each(fixtures.pictures)("Lanczos and nearest have Pillow's bits, $from to $to", (one) => {
  const picture = { width: one.from[0], height: one.from[1], data: bytes(one.data) };
  const size = { width: one.to[0], height: one.to[1] };
  expect(resampleLanczos(picture, size)).toEqual({ ...size, data: bytes(one.lanczos) });
  expect(resampleNearest(picture, size)).toEqual({ ...size, data: bytes(one.nearest) });
});

const cases = LATENT_UPSCALERS.flatMap((upscaler) => fixtures.latents.map((one) => ({ upscaler, ...one })));
test.each(cases)("$upscaler as torch, $from to $to", ({ upscaler, from, to, data, resized }) => {
  const [fromGrid, toGrid] = [from, to].map(([height, width]) => ({ height, width })) as [Grid, Grid];
  const latent = upscaleLatent(floats(data), { from: fromGrid, to: toGrid, upscaler });
  const expected = floats(resized[upscaler]);
  expect(latent.length).toBe(expected.length);
  const worst = latent.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i]!)), 0);
  expect(worst).toBeLessThan(1e-5);
});

interface Grid {
  height: number;
  width: number;
}

test("a cut takes the smaller half at the top and left", () => {
  const latent = Float32Array.from({ length: 2 * 3 * 4 }, (_, i) => i);
  const cropped = cropLatent(latent, { height: 3, width: 4 }, { height: 1, width: 3 });
  expect([...cropped]).toEqual([1, 5, 13, 17]);
});
