/** @file Schedules, noise and samplers, compared with k-diffusion, A1111 and torchsde in torch (`fixtures/samplers.py`). */
import { readFileSync } from "node:fs";
import { TorchGenerator } from "@lexeme/core";
import { describe, expect, it } from "vitest";
import {
  SAMPLER_NAMES,
  SAMPLERS,
  SCHEDULE_TYPES,
  type NamedSchedule,
  type SamplerName,
  type ScheduleType,
} from "./catalogue/index.ts";
import { addNoise, createNoiseSchedule, sigmaToTimestep } from "./noise-schedule.ts";
import { BrownianTree, roundMillionths } from "./noise/brownian-tree.ts";
import { ImageNoise } from "./noise/image-noise.ts";
import { modelCalls, sampleLatents, type SamplingPlan } from "./sample-latents.ts";
import { lcmSigmas } from "./samplers/lcm.ts";
import type { PredictGuided, SampleOptions, SamplerSettings, SampleStep } from "./sampling.ts";
import { scheduleSigmas } from "./schedules/sigma-schedules.ts";
import { trainingSigmas } from "./schedules/sigma-table.ts";

interface Run {
  sampler: SamplerName;
  schedule: ScheduleType;
  steps: number;
  settings?: Partial<SamplerSettings>;
  timesteps: number[];
  latents: number[];
}

interface ScheduleCase {
  type: NamedSchedule;
  steps: number;
  sigmas: number[];
}

interface NoiseCase {
  seed: number;
  options: { subseed?: number; strength?: number; old?: [number, number, number]; delta?: number };
  draws: [number[], number[]];
}

interface Fixture {
  alphasCumprod: [number, number][];
  sigmas: [number, number][];
  schedules: ScheduleCase[];
  lcmSchedules: ScheduleCase[];
  timesteps: [number, number][];
  rounded: [number, number][];
  trees: {
    seed: number;
    start: number;
    end: number;
    count: number;
    increments: { from: number; to: number; values: number[] }[];
  }[];
  noises: NoiseCase[];
  addNoise: { timestep: number; values: number[] }[];
  runs: Run[];
}

const fixture: Fixture = JSON.parse(readFileSync(new URL("fixtures/samplers.json", import.meta.url), "utf8"));
const schedule = createNoiseSchedule();
const SHAPE = { channels: 4, height: 3, width: 2 };
const VALUES_PER_IMAGE = 24;
/** The generator script's. */
const CFG_SCALE = 7;

/** Largest difference divided by the largest value. */
function difference(got: Iterable<number>, want: readonly number[]): number {
  const values = [...got];
  expect(values.length).toBe(want.length);
  return Math.max(...values.map((v, i) => Math.abs(v - want[i]!))) / Math.max(...want.map(Math.abs));
}

/** The generator script's model. */
function predictNoise(x: Float32Array, t: number): Promise<Float32Array> {
  return Promise.resolve(x.map((v, i) => Math.tanh(0.7 * v + ((0.1 * i) % 1)) * (0.4 + t / 2500)));
}

/** Guidance around the given conditional prediction, as in the generator script. */
function guidanceOver(conditional: (x: Float32Array, t: number) => Promise<Float32Array>): PredictGuided {
  return async (x, t, { guidanceFactor }) => {
    const c = await conditional(x, t);
    const unconditional = x.map((v) => Math.tanh(0.5 * v) * (0.3 + t / 4000));
    return { unconditional, guided: unconditional.map((u, i) => u + CFG_SCALE * guidanceFactor * (c[i]! - u)) };
  };
}

function run(
  plan: Pick<Run, "sampler" | "schedule" | "steps" | "settings">,
  seeds: number[],
  more: Partial<SampleOptions> & { model?: typeof predictNoise } = {},
) {
  const noise = new ImageNoise(seeds.map(BigInt), SHAPE);
  const model = more.model ?? predictNoise;
  const request: SamplingPlan = {
    samplerName: plan.sampler,
    scheduleType: plan.schedule,
    steps: plan.steps,
    settings: plan.settings ?? {},
  };
  const options = { schedule, predictNoise: model, predictGuided: guidanceOver(model), noise, ...more };
  return sampleLatents(noise.next(), request, options);
}

/** A model that computes each image alone, so its result does not depend on the place in the batch. */
function placeless(x: Float32Array, t: number): Promise<Float32Array> {
  return Promise.resolve(x.map((v) => Math.tanh(v) * (0.4 + t / 2500)));
}

describe("noise schedule", () => {
  it("alphas and sigmas are SD 1.x's", () => {
    for (const [i, alpha] of fixture.alphasCumprod) expect(schedule.alphasCumprod[i]).toBeCloseTo(alpha, 7);
    for (const [i, sigma] of fixture.sigmas) expect(Math.abs(schedule.sigmas[i]! / sigma - 1)).toBeLessThan(3e-7);
    expect(schedule.sigmas[0]).toBeCloseTo(0.0291672, 6);
    expect(schedule.sigmas[999]).toBeCloseTo(14.6146412, 5);
  });

  it.each(fixture.timesteps)("sigma %d is timestep %d", (sigma, timestep) => {
    expect(Math.abs(sigmaToTimestep(schedule, Math.fround(sigma)) - timestep)).toBeLessThan(2e-3);
  });

  it.each(fixture.schedules)("$type with $steps steps", ({ type, steps, sigmas }) => {
    const got = scheduleSigmas(trainingSigmas(schedule), type, { steps });
    expect(got.length).toBe(sigmas.length);
    for (const [i, sigma] of got.entries()) expect(Math.abs(sigma - sigmas[i]!)).toBeLessThanOrEqual(4e-7 * sigmas[i]!);
  });

  it.each(fixture.lcmSchedules)("$type with $steps steps of an LCM", ({ type, steps, sigmas }) => {
    const got = scheduleSigmas(lcmSigmas(schedule), type, { steps });
    expect(difference(got, sigmas)).toBeLessThan(1e-6);
  });

  it("every schedule has a fixture", () => {
    const tested = new Set(fixture.schedules.map(({ type }) => type));
    expect(SCHEDULE_TYPES.filter((type) => type !== "Automatic" && !tested.has(type))).toEqual([]);
  });

  it("the last step's small sigmas are exact too", () => {
    const got = scheduleSigmas(trainingSigmas(schedule), "Karras", { steps: 10 });
    const documented = [14.6146, 9.1029, 5.4784, 3.1686, 1.7494, 0.9141, 0.4469, 0.2014, 0.0819, 0.0292, 0];
    documented.forEach((sigma, i) => expect(got[i]).toBeCloseTo(sigma, 4));
    expect(() => scheduleSigmas(trainingSigmas(schedule), "Karras", { steps: 0 })).toThrow(RangeError);
  });

  it("limits and rho replace the model's ends and the schedule's own rho, if the schedule has them", () => {
    const table = trainingSigmas(schedule);
    const limits = { sigmaMin: 0.1, sigmaMax: 10, rho: 4 };
    const steps = 8;
    const ramps = Array.from({ length: steps }, (_, i) => i / (steps - 1));
    const formulas = {
      // Karras et al. 2022, equation 5.
      Karras: ramps.map((ramp) => (10 ** (1 / 4) + ramp * (0.1 ** (1 / 4) - 10 ** (1 / 4))) ** 4),
      Exponential: ramps.map((ramp) => Math.exp(Math.log(10) + ramp * (Math.log(0.1) - Math.log(10)))),
      Polyexponential: ramps.map((ramp) => Math.exp((1 - ramp) ** 4 * Math.log(10 / 0.1) + Math.log(0.1))),
    } as const;
    for (const [type, expected] of Object.entries(formulas)) {
      const got = scheduleSigmas(table, type as keyof typeof formulas, { steps, limits });
      for (const [i, sigma] of expected.entries()) expect(Math.abs(got[i]! / sigma - 1)).toBeLessThan(1e-5);
      expect(got[steps]).toBe(0);
    }
    for (const type of ["SGM Uniform", "KL Optimal", "Normal", "Beta"] as const) {
      expect(scheduleSigmas(table, type, { steps, limits })[0]).toBeCloseTo(10, 3);
    }
    for (const type of ["Uniform", "Align Your Steps", "Simple", "DDIM"] as const) {
      expect(scheduleSigmas(table, type, { steps, limits })).toEqual(scheduleSigmas(table, type, { steps }));
    }
  });

  it.each(fixture.addNoise)("adds noise as at timestep $timestep of training", ({ timestep, values }) => {
    const [latents, noise] = [1, 2].map((seed) => new TorchGenerator(seed).randn(12));
    expect(difference(addNoise(schedule, latents!, { noise: noise!, timestep }), values)).toBeLessThan(1e-6);
  });
});

describe("noise", () => {
  it.each(fixture.rounded)("%d is %d in millionths, as Python rounds", (value, rounded) => {
    expect(roundMillionths(value)).toBe(rounded);
  });

  it.each(fixture.trees)("Brownian motion of seed $seed from $start to $end, $count values", (tree) => {
    const { seed, start, end, count } = tree;
    const brownian = new BrownianTree(BigInt(seed), { start, end, count, source: "CPU" });
    for (const { from, to, values } of [...tree.increments, ...tree.increments.toReversed()]) {
      expect(difference(brownian.increment(from, to), values)).toBeLessThan(3e-6);
    }
  });

  it("Brownian motion stays within its interval, and adds up", () => {
    const brownian = new BrownianTree(5n, { start: 0.1, end: 2, count: 20, source: "NV" });
    expect([...brownian.increment(2, 3)]).toEqual(Array<number>(20).fill(0));
    const whole = brownian.increment(0, 9);
    const late = brownian.increment(0.7, 2);
    const sum = brownian.increment(0.1, 0.7).map((value, i) => value + late[i]!);
    expect(difference(sum, [...whole])).toBeLessThan(1e-6);
  });

  it.each(fixture.noises)("initial noise and the next with $options are A1111's", ({ seed, options, draws }) => {
    const { subseed, strength = 0, old, delta = 0 } = options;
    const noise = new ImageNoise(
      [BigInt(seed)],
      { channels: 4, height: 6, width: 5 },
      {
        ...(subseed === undefined ? {} : { variation: { seeds: [BigInt(subseed)], strength } }),
        ...(old ? { resizeFrom: { height: old[1], width: old[2] } } : {}),
        seedDelta: BigInt(delta),
      },
    );
    for (const values of draws) expect(difference(noise.next(), values)).toBeLessThan(1e-6);
  });

  it("variations that are nearly equal are interpolated linearly, in A1111's direction", () => {
    const settings = { variation: { seeds: [3n], strength: 0.25 } };
    const [same, plain] = [new ImageNoise([3n], SHAPE, settings), new ImageNoise([3n], SHAPE)];
    expect(difference(same.next(), [...plain.next()])).toBeLessThan(1e-6);
  });
});

describe("samplers", () => {
  it("each has runs in the fixture", () => {
    const tested = new Set(fixture.runs.map(({ sampler }) => sampler));
    expect(SAMPLER_NAMES.filter((name) => !tested.has(name))).toEqual([]);
  });

  it.each(fixture.runs)(
    "$sampler, $schedule, $steps steps, $settings: torch's latents, torch's timesteps",
    async (want) => {
      const seen: number[] = [];
      const seeds = want.sampler === "DPM adaptive" ? [11] : [11, 12];
      const got = await run(want, seeds, {
        model: (x, t) => {
          seen.push(t);
          return predictNoise(x, t);
        },
      });
      expect(difference(got, want.latents)).toBeLessThan(5e-6);
      expect(seen.length).toBe(want.timesteps.length);
      seen.forEach((t, i) => expect(Math.abs(t - want.timesteps[i]!)).toBeLessThan(5e-3));
      const plan = { samplerName: want.sampler, scheduleType: want.schedule, steps: want.steps };
      expect(await modelCalls(plan)).toBe(want.sampler === "DPM adaptive" ? undefined : seen.length);
    },
  );

  it.each(SAMPLER_NAMES)(
    "%s: an image of a batch is the image alone, and a run repeats to the bit",
    async (sampler) => {
      const plan = { sampler, schedule: "Automatic", steps: 6, settings: { sChurn: 3 } } as const;
      const both = await run(plan, [5, 6], { model: placeless });
      expect(await run(plan, [5, 6], { model: placeless })).toEqual(both);
      const alone = await run(plan, [6], { model: placeless });
      // This sampler measures its error over the batch, so images must be drawn alone.
      if (SAMPLERS[sampler].choosesSteps) expect(alone).not.toEqual(both.slice(VALUES_PER_IMAGE));
      else expect(alone).toEqual(both.slice(VALUES_PER_IMAGE));
    },
  );

  it.each(SAMPLER_NAMES)("%s reports every step, and stops before the next call after an abort", async (sampler) => {
    const steps: SampleStep[] = [];
    let calls = 0;
    const stop = new AbortController();
    const whole = run({ sampler, schedule: "Automatic", steps: 9 }, [1], {
      signal: stop.signal,
      model: (x, t) => {
        calls++;
        return predictNoise(x, t);
      },
      onStep(step) {
        steps.push(step);
        if (steps.length === 2) stop.abort(new Error("enough"));
      },
    });
    await expect(whole).rejects.toThrow("enough");
    expect(steps.length).toBe(2);
    if (sampler !== "DPM adaptive") expect(steps[1]!.step).toBe(calls);
    expect(steps.every(({ step, total }) => step >= 0 && step < total)).toBe(true);
    expect(steps.every(({ latents, denoised }) => latents.length === 24 && denoised.length === 24)).toBe(true);
  });

  it.each(SAMPLER_NAMES)("%s reports its last step at the end", async (sampler) => {
    let last: SampleStep | undefined;
    await run({ sampler, schedule: "Automatic", steps: 6 }, [1], { onStep: (step) => void (last = step) });
    expect(last!.step).toBe(last!.total);
  });

  it.each(SAMPLER_NAMES)(
    "%s takes the noise source and its settings, and leaves what its formula has not",
    async (sampler) => {
      const plan = { sampler, schedule: "Automatic", steps: 6 } as const;
      const { reads = [] } = SAMPLERS[sampler];
      const plain = await run(plan, [1]);
      for (const [name, settings] of [
        ["eta", { eta: 0.5 }],
        ["sChurn", { sChurn: 4 }],
        ["sNoise", { sNoise: 1.1, sChurn: 4 }],
      ] as const) {
        const got = await run({ ...plan, settings }, [1]);
        const isSame = difference(got, [...plain]) === 0;
        expect([name, isSame]).toEqual([name, !reads.includes(name)]);
      }
    },
  );

  it("a model with a result of the wrong length is a programmer's mistake", async () => {
    const model = () => Promise.resolve(new Float32Array(3));
    const predictGuided = async () => ({ guided: await model(), unconditional: await model() });
    for (const sampler of ["Euler", "DDIM", "DDIM CFG++"] as const) {
      const short = run({ sampler, schedule: "Karras", steps: 2 }, [1], { model, predictGuided });
      await expect(short).rejects.toThrow(TypeError);
    }
    const missing = run({ sampler: "DDIM CFG++", schedule: "Karras", steps: 2 }, [1], { predictGuided: undefined });
    await expect(missing).rejects.toThrow("predictGuided");
  });
});

describe("a model that returns NaN", () => {
  it.each(SAMPLER_NAMES)("%s comes to an end, and returns NaN", async (samplerName) => {
    const noise = new ImageNoise([1n], SHAPE);
    let calls = 0;
    const nothing = (x: Float32Array): Promise<Float32Array> => {
      if (++calls > 1000) throw new Error("without an end");
      return Promise.resolve(x.map(() => Number.NaN));
    };
    const predictGuided: PredictGuided = async (x) => ({ guided: await nothing(x), unconditional: await nothing(x) });
    const options = { schedule, predictNoise: nothing, predictGuided, noise };
    const plan = { samplerName, scheduleType: "Automatic", steps: 5 } as const;
    expect((await sampleLatents(noise.next(), plan, options)).some(Number.isNaN)).toBe(true);
  });
});
