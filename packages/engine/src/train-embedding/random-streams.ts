/** @file Independent random generators for the parts of a run. A stream depends only on seed, purpose and number, so a run that continues from step N draws the same numbers as an uninterrupted run. */
import { TorchGenerator } from "@lexeme/core";
import { createHash } from "node:crypto";

export type StreamPurpose = "latents" | "order" | "step" | "prompts";

/** The generator for one purpose and number (a step, an epoch, a picture). */
export function randomStream(seed: bigint, purpose: StreamPurpose, number: number): TorchGenerator {
  const digest = createHash("sha256").update(`${seed}|${purpose}|${number}`).digest();
  return new TorchGenerator(digest.readUInt32LE(0));
}

/** The Fisher-Yates shuffle, in place. */
export function shuffle<T>(items: T[], generator: TorchGenerator): T[] {
  for (let i = items.length - 1; i > 0; i--) {
    const j = generator.randint(0, i + 1);
    [items[i], items[j]] = [items[j]!, items[i]!];
  }
  return items;
}
