/** @file A1111's rule for reaching the requested size with an upscaler of a fixed factor. */
import { expect, test } from "vitest";
import type { RawPicture } from "../pictures/raw-picture.ts";
import { resampleLanczos, resampleNearest } from "./resample-picture.ts";
import { upscalerOfSteps } from "./upscaler.ts";
import { findUpscaler } from "./upscalers.ts";

const { signal } = new AbortController();
const none = { models: [], field: "hrUpscaler" };

function noise(width: number, height: number): RawPicture {
  let state = 1;
  const data = Uint8Array.from({ length: width * height * 3 }, () => (state = (state * 16807) % 2147483647) % 256);
  return { width, height, data };
}

test("a fixed factor is applied until the picture is large enough, then Lanczos makes the requested size", async () => {
  const sizes: number[] = [];
  const twice = upscalerOfSteps("twice", (picture) => {
    sizes.push(picture.width);
    return Promise.resolve(resampleNearest(picture, { width: picture.width * 2, height: picture.height * 2 }));
  });
  const picture = noise(16, 8);
  const large = await twice.upscale(picture, { width: 56, height: 24 }, signal);
  expect(sizes).toEqual([16, 32]);
  const fourfold = resampleNearest(picture, { width: 64, height: 32 });
  const whole = resampleLanczos(fourfold, { width: 56, height: 24 });
  expect(large).toEqual(resampleLanczos(whole, { width: 56, height: 24 }));
  sizes.length = 0;
  await twice.upscale(picture, { width: 1600, height: 800 }, signal);
  expect(sizes).toEqual([16, 32, 64]);
  sizes.length = 0;
  await twice.upscale(picture, { width: 10, height: 5 }, signal);
  expect(sizes).toEqual([]);
});

test("nearest keeps whole pixels; None and Lanczos agree if one step is enough", async () => {
  const picture = noise(8, 8);
  const size = { width: 16, height: 16 };
  const nearest = await findUpscaler("Nearest", none).upscale(picture, size, signal);
  expect(nearest).toEqual(resampleNearest(picture, size));
  const lanczos = await findUpscaler("Lanczos", none).upscale(picture, size, signal);
  expect(lanczos).toEqual(await findUpscaler("None", none).upscale(picture, size, signal));
});

test("the user's models are found by name, and the error for a missing model names it", () => {
  const model = upscalerOfSteps("4x-mine", (picture) => Promise.resolve(picture));
  expect(findUpscaler("4x-mine", { models: [model], field: "hrUpscaler" })).toBe(model);
  expect(() => findUpscaler("4x-mine", none)).toThrow(
    'There is no upscaler "4x-mine": choose a latent upscaler, or one of None, Lanczos, Nearest',
  );
});

test("an aborted upscale ends with the signal's reason", async () => {
  const controller = new AbortController();
  const stops = upscalerOfSteps("stops", (picture) => {
    controller.abort(new Error("enough"));
    return Promise.resolve(picture);
  });
  await expect(stops.upscale(noise(8, 8), { width: 16, height: 16 }, controller.signal)).rejects.toThrow("enough");
});
