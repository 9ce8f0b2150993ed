/** @file The list of upscalers: A1111's three plain upscalers, and the user's models. */
import { LexemeError } from "@lexeme/core";
import type { RawPicture } from "../pictures/raw-picture.ts";
import { resampleLanczos, resampleNearest } from "./resample-picture.ts";
import { upscalerOfSteps, type Upscaler } from "./upscaler.ts";

/** The upscalers without a file, in A1111's order. "None" resizes directly to the size. */
const PLAIN_UPSCALERS: readonly Upscaler[] = [
  { name: "None", upscale: (picture, size) => Promise.resolve(resampleLanczos(picture, size)) },
  upscalerOfSteps("Lanczos", (picture, scale) => Promise.resolve(resampleLanczos(picture, scaled(picture, scale)))),
  upscalerOfSteps("Nearest", (picture, scale) => Promise.resolve(resampleNearest(picture, scaled(picture, scale)))),
];

/** The upscaler of that name. Throws LexemeError `UPSCALER_MISSING` with `field` in its details. */
export function findUpscaler(
  name: string,
  { models, field }: { models: readonly Upscaler[]; field: string },
): Upscaler {
  const known = [...PLAIN_UPSCALERS, ...models];
  const found = known.find((upscaler) => upscaler.name === name);
  if (found) return found;
  const names = known.map((upscaler) => upscaler.name).join(", ");
  throw new LexemeError(
    "UPSCALER_MISSING",
    `There is no upscaler "${name}": choose a latent upscaler, or one of ${names}`,
    {
      details: { field, name },
    },
  );
}

function scaled({ width, height }: RawPicture, scale: number): { width: number; height: number } {
  return { width: Math.trunc(width * scale), height: Math.trunc(height * scale) };
}
