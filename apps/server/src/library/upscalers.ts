/** @file What hires fix can enlarge with, in A1111's order. */
import { LATENT_UPSCALERS, PIXEL_UPSCALERS, type ListedUpscaler } from "@lexeme/protocol";
import { serverError } from "../errors.ts";

/** The latent ones, then those on pixels. */
export function listUpscalers(): Promise<ListedUpscaler[]> {
  return Promise.resolve([
    ...LATENT_UPSCALERS.map((name) => ({ name, kind: "latent" }) as const),
    ...PIXEL_UPSCALERS.map((name) => ({ name, kind: "pixel" }) as const),
  ]);
}

/** Throws LexemeError `UPSCALER_MISSING`. */
export async function requireUpscaler(name: string): Promise<void> {
  if ((await listUpscalers()).some((upscaler) => upscaler.name === name)) return;
  throw serverError("UPSCALER_MISSING", `There is no upscaler "${name}" here: choose another`, {
    details: { field: "hrUpscaler" },
  });
}
