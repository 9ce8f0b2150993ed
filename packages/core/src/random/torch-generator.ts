/**
 * @file torch's CPU generator: the same seed gives the same bits and, to 2.4e-7, the same normal noise as `torch.Generator("cpu")`.
 * The last digit of a normal value can differ because torch computes log, sin and cos with its own vector approximations.
 */
import { Mt19937, type Mt19937State } from "./mt19937.ts";

/** torch draws 16 or more values in blocks (`normal_fill`), and fewer values one by one in double precision. */
const BLOCK = 16;
const TWO_POW_MINUS_24 = 2 ** -24;
const TWO_POW_MINUS_53 = 2 ** -53;
/** For ranges of this size and above, torch draws 64 bits for an integer, to keep the modulo bias small. */
const WIDE_RANGE = 2 ** 28;

/** The state that a run must save to continue with the same numbers. */
export interface TorchGeneratorState extends Mt19937State {
  /** The second value of the last Box-Muller pair of the one-by-one path, if it is still unused. */
  spareNormal: number | undefined;
}

export class TorchGenerator {
  readonly #engine: Mt19937;
  #spareNormal: number | undefined;

  /** As `torch.Generator().manual_seed(seed)`. Takes any integer and uses its low 32 bits. */
  constructor(seed: number | bigint) {
    if (typeof seed === "number" && !Number.isInteger(seed))
      throw new RangeError(`seed must be an integer, got ${seed}`);
    this.#engine = new Mt19937(Number(BigInt.asUintN(32, BigInt(seed))));
  }

  /** 32 random bits. */
  random32(): number {
    return this.#engine.next32();
  }

  /** 64 random bits, the high half drawn first. */
  random64(): bigint {
    const high = this.#engine.next32();
    return (BigInt(high) << 32n) | BigInt(this.#engine.next32());
  }

  /** `torch.rand(count)` as float32: uniform on [0, 1). */
  rand(count: number): Float32Array {
    const out = new Float32Array(count);
    this.#fillUniform(out);
    return out;
  }

  /** `torch.randint(low, high, (1,))`: an integer of [low, high). */
  randint(low: number, high: number): number {
    const range = high - low;
    if (!Number.isSafeInteger(low) || !Number.isSafeInteger(high) || range <= 0) {
      throw new RangeError(`randint needs integers low < high, got ${low} and ${high}`);
    }
    if (range >= WIDE_RANGE) return low + Number(this.random64() % BigInt(range));
    return low + (this.#engine.next32() % range);
  }

  /** `torch.randn(count)` as float32. As in torch, the count selects the algorithm, so one call for 24 values gives other numbers than a call for 16 and a call for 8. */
  randn(count: number): Float32Array {
    const out = new Float32Array(count);
    if (count < BLOCK) {
      for (let i = 0; i < count; i++) out[i] = this.#normal();
      return out;
    }
    this.#fillUniform(out);
    for (let start = 0; start + BLOCK <= count; start += BLOCK) boxMullerBlock(out.subarray(start, start + BLOCK));
    if (count % BLOCK !== 0) {
      // torch redraws all of the last 16 values, including those that it has already drawn.
      const tail = out.subarray(count - BLOCK);
      this.#fillUniform(tail);
      boxMullerBlock(tail);
    }
    return out;
  }

  save(): TorchGeneratorState {
    return { ...this.#engine.save(), spareNormal: this.#spareNormal };
  }

  restore(state: TorchGeneratorState): void {
    this.#engine.restore(state);
    this.#spareNormal = state.spareNormal;
  }

  #fillUniform(out: Float32Array): void {
    for (let i = 0; i < out.length; i++) out[i] = (this.#engine.next32() & 0xffffff) * TWO_POW_MINUS_24;
  }

  /** Uniform double on [0, 1) from the low 53 of 64 bits. */
  #uniformDouble(): number {
    const high = this.#engine.next32() & 0x1fffff;
    return (high * 2 ** 32 + this.#engine.next32()) * TWO_POW_MINUS_53;
  }

  /** `at::normal_distribution<double>`: a Box-Muller pair, whose sine half is kept for the next call. */
  #normal(): number {
    if (this.#spareNormal !== undefined) {
      const spare = this.#spareNormal;
      this.#spareNormal = undefined;
      return spare;
    }
    const theta = 2 * Math.PI * this.#uniformDouble();
    const radius = Math.sqrt(-2 * Math.log1p(-this.#uniformDouble()));
    this.#spareNormal = radius * Math.sin(theta);
    return radius * Math.cos(theta);
  }
}

/** Box-Muller on 16 uniforms in place: values 0..7 give the radii, 8..15 the angles. Computed in float32, as in torch. */
function boxMullerBlock(block: Float32Array): void {
  for (let j = 0; j < 8; j++) {
    const u1 = Math.fround(1 - block[j]!);
    const radius = Math.fround(Math.sqrt(Math.fround(-2 * Math.fround(Math.log(u1)))));
    const theta = Math.fround(Math.fround(2 * Math.PI) * block[j + 8]!);
    block[j] = radius * Math.fround(Math.cos(theta));
    block[j + 8] = radius * Math.fround(Math.sin(theta));
  }
}
