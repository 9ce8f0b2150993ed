/** @file The seed that a setting asks for. */
import { RANDOM_SEED, RANDOM_SEEDS_END, type Seed } from "@lexeme/domain/settings";
import { randomInt } from "node:crypto";

/** The seed itself, or one at random from A1111's range where that is asked for. */
export function drawnSeed(setting: Seed): bigint {
  return BigInt(setting === RANDOM_SEED ? randomInt(RANDOM_SEEDS_END) : setting);
}
