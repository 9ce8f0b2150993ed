/**
 * @file Brownian motion over an interval of sigmas, as torchsde 0.2.6's `BrownianTree` draws it: the increment between two sigmas depends
 * only on the seed, not on the sampler's other steps. The SDE samplers take their noise from it.
 */
import { createNormalGenerator, SeedSequence, type RandomSource } from "@lexeme/core";

/** torchsde's `pool_size`. */
const POOL_SIZE = 24;
/** The number of split nodes in the cache. The path to a sigma has some 24 nodes, and a sampler's next step starts at the end of the last step. */
const CACHE_SIZE = 64;

export interface BrownianTreeOptions {
  readonly start: number;
  readonly end: number;
  readonly count: number;
  readonly source: RandomSource;
}

/** A dyadic part of the interval; `path` and `depth` name it as torchsde's spawn key does. */
interface Node {
  readonly start: number;
  readonly end: number;
  readonly path: number;
  readonly depth: number;
  readonly increment: Float32Array;
}

export class BrownianTree {
  readonly #seed: bigint;
  readonly #options: BrownianTreeOptions;
  readonly #root: Node;
  readonly #halves = new Map<string, { left: Node; right: Node }>();

  /** A negative seed equals the positive seed with the same 64 bits, as for torch's generators; torchsde refuses it. */
  constructor(seed: bigint, options: BrownianTreeOptions) {
    this.#seed = BigInt.asUintN(64, seed);
    this.#options = options;
    const [rootSeed] = new SeedSequence(this.#seed, { poolSize: POOL_SIZE }).generateState(3);
    const length = Math.fround(Math.sqrt(options.end - options.start));
    this.#root = {
      start: roundMillionths(options.start),
      end: roundMillionths(options.end),
      path: 0,
      depth: 0,
      increment: this.#normal(rootSeed!).map((value) => value * length),
    };
  }

  /** W(end) - W(start), `start` before `end`. A time outside the tree's interval counts as the nearer end of the interval. */
  increment(start: number, end: number): Float32Array {
    const inside = (time: number) => Math.min(Math.max(time, this.#root.start), this.#root.end);
    const [from, to] = [inside(start), inside(end)].map(roundMillionths) as [number, number];
    if (from === to) return new Float32Array(this.#options.count);
    return this.#within(this.#root, from, to);
  }

  #within(node: Node, from: number, to: number): Float32Array {
    if (from === node.start && to === node.end) return node.increment;
    const { left, right } = this.#split(node);
    if (to <= left.end) return this.#within(left, from, to);
    if (from >= left.end) return this.#within(right, from, to);
    const late = this.#within(right, left.end, to);
    return this.#within(left, from, left.end).map((value, i) => value + late[i]!);
  }

  /** Lévy's construction: given both ends, the value at the middle is normal around the chord, with variance `l r / (l + r)`. */
  #split(node: Node): { left: Node; right: Node } {
    const key = `${node.depth}/${node.path}`;
    const known = this.#halves.get(key);
    if (known) {
      // Inserting the entry again makes it the newest, so that the oldest entry is the least recently used.
      this.#halves.delete(key);
      this.#halves.set(key, known);
      return known;
    }
    const { start, end, path, depth, increment } = node;
    const exact = 0.5 * (end + start);
    const middle = roundMillionths(exact);
    const reciprocal = 1 / (end - start);
    const [l, r] = [middle - start, end - middle];
    const [seed] = new SeedSequence(this.#seed, { spawnKey: [path, depth], poolSize: POOL_SIZE }).generateState(4);
    const noise = this.#normal(seed!);
    const [weight, inverse] = [Math.fround(l), Math.fround(reciprocal)];
    const deviation = Math.fround(Math.sqrt(l * r * reciprocal));
    const leftIncrement = new Float32Array(increment.length);
    const rightIncrement = new Float32Array(increment.length);
    for (let i = 0; i < increment.length; i++) {
      const chord = Math.fround(Math.fround(weight * increment[i]!) * inverse);
      leftIncrement[i] = chord + Math.fround(deviation * noise[i]!);
      rightIncrement[i] = increment[i]! - leftIncrement[i]!;
    }
    const halves = {
      left: { start, end: middle, path: 2 * path, depth: depth + 1, increment: leftIncrement },
      right: { start: middle, end, path: 2 * path + 1, depth: depth + 1, increment: rightIncrement },
    };
    this.#halves.set(key, halves);
    const [oldest] = this.#halves.keys();
    if (this.#halves.size > CACHE_SIZE) this.#halves.delete(oldest!);
    return halves;
  }

  #normal(seed: number): Float32Array {
    return createNormalGenerator(this.#options.source, seed).randn(this.#options.count);
  }
}

/** Python's `round(x, 6)`: rounds the exact binary value, a tie to the even digit (`toFixed` rounds a tie up). */
export function roundMillionths(value: number): number {
  const rounded = Number(value.toFixed(6));
  // Only odd multiples of 1/128 are exactly between two millionths.
  const eighths = value * 128;
  const isTie = Number.isInteger(eighths) && eighths % 2 !== 0;
  if (!isTie) return rounded;
  const lower = Math.floor(value * 1e6);
  return (lower % 2 === 0 ? lower : lower + 1) / 1e6;
}
