/** @file The seed for a seed setting. */
import { RANDOM_SEED, RANDOM_SEEDS_END, type Seed } from "@lexeme/domain/settings";
import { randomInt } from "node:crypto";

/** The setting's seed, or a random seed from A1111's range if the setting asks for one. */
export function drawnSeed(setting: Seed): bigint {
  return BigInt(setting === RANDOM_SEED ? randomInt(RANDOM_SEEDS_END) : setting);
}
