/** @file The upscalers that there are: A1111's own three here, models of the user's beside them. */
import { LexemeError } from "@lexeme/core";
import type { RawPicture } from "../pictures/raw-picture.ts";
import { resampleLanczos, resampleNearest } from "./resample-picture.ts";
import { upscalerOfSteps, type Upscaler } from "./upscaler.ts";

/** Those that need no file, in A1111's order. "None" goes to the size at once. */
const PLAIN_UPSCALERS: readonly Upscaler[] = [
  { name: "None", upscale: (picture, size) => Promise.resolve(resampleLanczos(picture, size)) },
  upscalerOfSteps("Lanczos", (picture, scale) => Promise.resolve(resampleLanczos(picture, scaled(picture, scale)))),
  upscalerOfSteps("Nearest", (picture, scale) => Promise.resolve(resampleNearest(picture, scaled(picture, scale)))),
];

/** The upscaler of that name. Throws LexemeError `UPSCALER_MISSING`, its field as `field` says. */
export function findUpscaler(
  name: string,
  { models, field }: { models: readonly Upscaler[]; field: string },
): Upscaler {
  const known = [...PLAIN_UPSCALERS, ...models];
  const found = known.find((upscaler) => upscaler.name === name);
  if (found) return found;
  const names = known.map((upscaler) => upscaler.name).join(", ");
  throw new LexemeError("UPSCALER_MISSING", `There is no upscaler "${name}": choose a latent one, or one of ${names}`, {
    details: { field, name },
  });
}

function scaled({ width, height }: RawPicture, scale: number): { width: number; height: number } {
  return { width: Math.trunc(width * scale), height: Math.trunc(height * scale) };
}
