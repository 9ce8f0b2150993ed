/** @file AdamW as torch.optim.AdamW computes it on float32 tensors (its single-tensor path), rounded where torch rounds. */

/** Defaults are torch's, except weight decay: it is 0, as in A1111's trainer. */
export interface AdamWOptions {
  beta1?: number;
  beta2?: number;
  epsilon?: number;
  weightDecay?: number;
}

/** The optimizer's state, with which a run continues exactly: equal state and equal gradients give equal bytes of parameters. */
export interface AdamWState {
  /** Number of steps taken. */
  step: number;
  /** First and second moment, one element for each parameter. */
  expAvg: Float32Array;
  expAvgSq: Float32Array;
}

/**
 * Decoupled weight decay (Loshchilov & Hutter 2019, algorithm 2). Moments have torch's bits. Parameters may differ in the
 * last bit, because torch takes square roots from MKL, which rounds about one in six of them the other way. The learning rate
 * is an argument of every step, so a schedule keeps no state here.
 */
export class AdamW {
  readonly #beta1: number;
  readonly #beta2: number;
  readonly #epsilon: number;
  readonly #weightDecay: number;
  readonly #expAvg: Float32Array;
  readonly #expAvgSq: Float32Array;
  #step = 0;

  constructor(parameterCount: number, options: AdamWOptions = {}) {
    this.#beta1 = options.beta1 ?? 0.9;
    this.#beta2 = options.beta2 ?? 0.999;
    this.#epsilon = options.epsilon ?? 1e-8;
    this.#weightDecay = options.weightDecay ?? 0;
    this.#expAvg = new Float32Array(parameterCount);
    this.#expAvgSq = new Float32Array(parameterCount);
  }

  /** Updates the parameters in place. Throws RangeError if the lengths differ from the optimizer's. */
  step(parameters: Float32Array, gradient: Float32Array, learnRate: number): void {
    this.#expectLength(parameters.length);
    this.#expectLength(gradient.length);
    this.#step += 1;
    // Scalars are computed in double and narrowed where they meet a tensor, as torch does.
    const decay = f32(1 - learnRate * this.#weightDecay);
    const weight1 = f32(1 - this.#beta1);
    const beta2 = f32(this.#beta2);
    const weight2 = f32(1 - this.#beta2);
    const stepSize = f32(-(learnRate / (1 - this.#beta1 ** this.#step)));
    const correction2 = f32(Math.sqrt(1 - this.#beta2 ** this.#step));
    const epsilon = f32(this.#epsilon);
    for (let i = 0; i < parameters.length; i++) {
      const g = gradient[i] ?? 0;
      const decayed = this.#weightDecay === 0 ? (parameters[i] ?? 0) : f32((parameters[i] ?? 0) * decay);
      const m0 = this.#expAvg[i] ?? 0;
      // torch's lerp and addcmul end in a fused multiply-add: a product of two float32 is exact in double.
      const m = f32(m0 + weight1 * f32(g - m0));
      const v = f32(f32((this.#expAvgSq[i] ?? 0) * beta2) + f32(weight2 * g) * g);
      const denominator = f32(f32(f32(Math.sqrt(v)) / correction2) + epsilon);
      this.#expAvg[i] = m;
      this.#expAvgSq[i] = v;
      parameters[i] = f32(decayed + f32(f32(stepSize * m) / denominator));
    }
  }

  /** A copy of the state, which later steps do not change. */
  exportState(): AdamWState {
    return { step: this.#step, expAvg: this.#expAvg.slice(), expAvgSq: this.#expAvgSq.slice() };
  }

  /** Throws RangeError if the moments' lengths differ from the optimizer's. */
  importState({ step, expAvg, expAvgSq }: AdamWState): void {
    this.#expectLength(expAvg.length);
    this.#expectLength(expAvgSq.length);
    this.#step = step;
    this.#expAvg.set(expAvg);
    this.#expAvgSq.set(expAvgSq);
  }

  #expectLength(length: number): void {
    if (length !== this.#expAvg.length) {
      throw new RangeError(`the optimizer holds ${this.#expAvg.length} parameters, got ${length}`);
    }
  }
}

const f32 = Math.fround;
