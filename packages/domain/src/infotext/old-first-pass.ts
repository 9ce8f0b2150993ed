/** @file Turns the sizes of a picture of two passes in infotexts from before 2023 into today's keys. */
import type { ReadKey } from "./infotext-keys.ts";

/** A1111's pixel count for a first pass whose size the infotext gives as 0x0, and the step that each side was rounded up to. */
const OLD_FIRST_PASS_PIXELS = 512 * 512;
const OLD_FIRST_PASS_STEP = 64;

/** In those texts `Size` is the finished picture's size, and the first pass has a key of its own. A1111 reads them the same way. */
export function restoreFirstPassSize(parameters: Map<string, string>): void {
  const [first, size] = (["First pass size", "Size"] as const).map((key) =>
    ([1, 2] as const).map((side) => Number(parameters.get(`${key}-${side}` satisfies ReadKey))),
  ) as [number[], number[]];
  if (![...first, ...size].every(Number.isInteger)) return;
  const scale = Math.sqrt(OLD_FIRST_PASS_PIXELS / (size[0]! * size[1]!));
  const isGiven = first[0] !== 0 && first[1] !== 0;
  for (const side of [0, 1]) {
    const computed = Math.ceil((scale * size[side]!) / OLD_FIRST_PASS_STEP) * OLD_FIRST_PASS_STEP;
    parameters.set(`Size-${side + 1}`, String(isGiven ? first[side] : computed));
    parameters.set(`Hires resize-${side + 1}`, String(size[side]));
  }
}
