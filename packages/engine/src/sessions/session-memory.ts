/** @file About how much memory a session takes beyond its weights, so that the pool knows what to close. */

/**
 * Bytes of the arena for each pixel of the batch, rounded up from what SD 1.5's networks were measured to take
 * (training: 2.9 GB at 256 x 256). Smaller models take less; an estimate that is too large only closes a session early.
 */
const BYTES_PER_PIXEL = { text: 0, unet: 2_000, vae: 4_000, training: 45_000 } as const;

/** Working memory of one session. `grid` is in latent places, eight pixels a side. */
export function workingBytes(
  graph: keyof typeof BYTES_PER_PIXEL,
  { batch, height, width }: { batch: number; height: number; width: number },
): number {
  return BYTES_PER_PIXEL[graph] * batch * height * width * 64;
}
