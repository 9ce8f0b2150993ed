/** @file Schedules and samplers against k-diffusion's and A1111's formulas in torch (`fixtures/samplers.py`). */
import { readFileSync } from "node:fs";
import { TorchGenerator } from "@lexeme/core";
import { describe, expect, it } from "vitest";
import { ImageNoise } from "./image-noise.ts";
import { addNoise, createNoiseSchedule, sigmaToTimestep } from "./noise-schedule.ts";
import {
  infotextScheduleType,
  modelCalls,
  parseSamplerName,
  SAMPLER_NAMES,
  sampleLatents,
  type SamplerName,
} from "./samplers.ts";
import type { SampleOptions, SampleStep } from "./sampling.ts";
import { SCHEDULE_TYPES, scheduleSigmas, type NamedSchedule, type ScheduleType } from "./sigma-schedules.ts";

interface Run {
  sampler: SamplerName;
  schedule: ScheduleType;
  steps: number;
  timesteps: number[];
  latents: number[];
}

interface Fixture {
  alphasCumprod: [number, number][];
  sigmas: [number, number][];
  schedules: { type: NamedSchedule; steps: number; sigmas: number[] }[];
  timesteps: [number, number][];
  addNoise: { timestep: number; values: number[] }[];
  runs: Run[];
}

const fixture: Fixture = JSON.parse(readFileSync(new URL("fixtures/samplers.json", import.meta.url), "utf8"));
const schedule = createNoiseSchedule();
const VALUES_PER_IMAGE = 24;

/** Largest difference over the largest value. */
function difference(got: Iterable<number>, want: readonly number[]): number {
  const values = [...got];
  expect(values.length).toBe(want.length);
  return Math.max(...values.map((v, i) => Math.abs(v - want[i]!))) / Math.max(...want.map(Math.abs));
}

/** The generator script's model. */
function predictNoise(x: Float32Array, t: number): Promise<Float32Array> {
  return Promise.resolve(x.map((v, i) => Math.tanh(0.7 * v + ((0.1 * i) % 1)) * (0.4 + t / 2500)));
}

function run(plan: Pick<Run, "sampler" | "schedule" | "steps">, seeds: number[], more: Partial<SampleOptions> = {}) {
  const noise = new ImageNoise(seeds, VALUES_PER_IMAGE);
  const request = { samplerName: plan.sampler, scheduleType: plan.schedule, steps: plan.steps };
  return sampleLatents(noise.next(), request, { schedule, predictNoise, nextNoise: () => noise.next(), ...more });
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
    const got = scheduleSigmas(schedule, type, steps);
    expect(got.at(-1)).toBe(0);
    expect(difference(got, sigmas)).toBeLessThan(1e-6);
  });

  it("the last step's small sigmas are exact too", () => {
    const got = scheduleSigmas(schedule, "Karras", 10);
    const documented = [14.6146, 9.1029, 5.4784, 3.1686, 1.7494, 0.9141, 0.4469, 0.2014, 0.0819, 0.0292, 0];
    documented.forEach((sigma, i) => expect(got[i]).toBeCloseTo(sigma, 4));
    expect(() => scheduleSigmas(schedule, "Karras", 0)).toThrow(RangeError);
  });

  it.each(fixture.addNoise)("adds noise as at timestep $timestep of training", ({ timestep, values }) => {
    const [latents, noise] = [1, 2].map((seed) => new TorchGenerator(seed).randn(12));
    expect(difference(addNoise(schedule, latents!, { noise: noise!, timestep }), values)).toBeLessThan(1e-6);
  });
});

describe("samplers", () => {
  it.each(fixture.runs)("$sampler, $schedule, $steps steps: torch's latents at torch's timesteps", async (expected) => {
    const seen: number[] = [];
    const got = await run(expected, [11, 12], {
      predictNoise: (x, t) => {
        seen.push(t);
        return predictNoise(x, t);
      },
    });
    expect(difference(got, expected.latents)).toBeLessThan(2e-5);
    expect(seen.length).toBe(expected.timesteps.length);
    seen.forEach((t, i) => expect(Math.abs(t - expected.timesteps[i]!)).toBeLessThan(5e-3));
    expect(modelCalls({ samplerName: expected.sampler, steps: expected.steps })).toBe(seen.length);
  });

  it.each(SAMPLER_NAMES)(
    "%s: an image of a batch is the image alone, and a run repeats to the bit",
    async (sampler) => {
      const plan = { sampler, schedule: "Automatic", steps: 6 } as const;
      // A model that sees each image alone: it must not depend on the place in the batch.
      const own = (x: Float32Array, t: number) => Promise.resolve(x.map((v) => Math.tanh(v) * (0.4 + t / 2500)));
      const both = await run(plan, [5, 6], { predictNoise: own });
      expect(await run(plan, [5, 6], { predictNoise: own })).toEqual(both);
      expect(await run(plan, [6], { predictNoise: own })).toEqual(both.slice(VALUES_PER_IMAGE));
    },
  );

  it.each(SAMPLER_NAMES)("%s tells of every step, and stops before the next call when aborted", async (sampler) => {
    const steps: SampleStep[] = [];
    const stop = new AbortController();
    const onStep = (step: SampleStep) => {
      steps.push(step);
      if (step.step === 3) stop.abort(new Error("enough"));
    };
    const whole = run({ sampler, schedule: "Automatic", steps: 6 }, [1], { signal: stop.signal, onStep });
    await expect(whole).rejects.toThrow("enough");
    expect(steps.map(({ step }) => step)).toEqual([1, 2, 3]);
    expect(steps.every(({ latents, denoised }) => latents.length === 24 && denoised.length === 24)).toBe(true);
  });

  it("a model of the wrong length is a programmer's mistake", async () => {
    const short = () => Promise.resolve(new Float32Array(3));
    await expect(run({ sampler: "Euler", schedule: "Karras", steps: 2 }, [1], { predictNoise: short })).rejects.toThrow(
      TypeError,
    );
    await expect(run({ sampler: "DDIM", schedule: "Karras", steps: 2 }, [1], { predictNoise: short })).rejects.toThrow(
      TypeError,
    );
  });
});

describe("names", () => {
  it("are those that forms offer", () => {
    const form = readFileSync(new URL("../../protocol/src/settings/txt2img-settings.ts", import.meta.url), "utf8");
    const list = (name: string): unknown =>
      JSON.parse(new RegExp(`${name} = (\\[.*?\\]) as const`, "su").exec(form)![1]!.replace(/,\s*\]/u, "]"));
    expect(list("SAMPLER_NAMES")).toEqual(SAMPLER_NAMES);
    expect(list("SCHEDULE_TYPES")).toEqual(SCHEDULE_TYPES);
  });

  it.each([
    ["DPM++ 2M", "DPM++ 2M", "Automatic"],
    ["DPM++ 2M Karras", "DPM++ 2M", "Karras"],
    ["Euler a", "Euler a", "Automatic"],
    ["Euler a karras", "Euler a", "Karras"],
    ["Euler Uniform", "Euler", "Uniform"],
    ["DDIM", "DDIM", "Automatic"],
  ])("%s is %s with %s", (name, samplerName, scheduleType) => {
    expect(parseSamplerName(name)).toEqual({ samplerName, scheduleType });
  });

  it.each(["euler", "k_euler", "DPM++ 3M SDE", "Euler Exponential", ""])("%j is not a sampler here", (name) => {
    expect(() => parseSamplerName(name)).toThrow(expect.objectContaining({ code: "SAMPLER_UNKNOWN" }));
  });

  it("infotext shows the schedule that was used, as A1111 does", () => {
    const shown = (samplerName: SamplerName, scheduleType: ScheduleType) =>
      infotextScheduleType({ samplerName, scheduleType });
    expect(shown("DPM++ 2M", "Automatic")).toBe("Karras");
    expect(shown("Euler a", "Automatic")).toBe("Automatic");
    expect(shown("Euler", "Karras")).toBe("Karras");
    expect(shown("DDIM", "Karras")).toBe("Karras");
  });
});
