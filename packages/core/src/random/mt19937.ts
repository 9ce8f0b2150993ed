/** @file The Mersenne Twister MT19937 (Matsumoto and Nishimura 1998), the engine of torch's CPU generator: 32 random bits at a time. */

const STATE_SIZE = 624;
const SHIFT = 397;

/** The whole state of an engine. For JSON, convert the words to a plain array. */
export interface Mt19937State {
  words: Uint32Array;
  /** Index of the next word to hand out; 624 means that a new block is due. */
  next: number;
}

export class Mt19937 {
  readonly #words = new Uint32Array(STATE_SIZE);
  #next = STATE_SIZE;

  /** Knuth's initialiser (`init_genrand`). Only the low 32 bits of the seed count, as in torch. */
  constructor(seed: number) {
    this.#words[0] = seed;
    for (let i = 1; i < STATE_SIZE; i++) {
      const previous = this.#words[i - 1]!;
      this.#words[i] = Math.imul(1812433253, previous ^ (previous >>> 30)) + i;
    }
  }

  /** The next 32 bits as an unsigned integer. */
  next32(): number {
    if (this.#next === STATE_SIZE) this.#twist();
    let y = this.#words[this.#next++]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  save(): Mt19937State {
    return { words: this.#words.slice(), next: this.#next };
  }

  restore(state: Mt19937State): void {
    if (state.words.length !== STATE_SIZE || !(state.next >= 0 && state.next <= STATE_SIZE)) {
      throw new RangeError(`an MT19937 state is ${STATE_SIZE} words and an index up to ${STATE_SIZE}`);
    }
    this.#words.set(state.words);
    this.#next = state.next;
  }

  #twist(): void {
    const words = this.#words;
    for (let i = 0; i < STATE_SIZE; i++) {
      const y = (words[i]! & 0x80000000) | (words[(i + 1) % STATE_SIZE]! & 0x7fffffff);
      words[i] = words[(i + SHIFT) % STATE_SIZE]! ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.#next = 0;
  }
}
