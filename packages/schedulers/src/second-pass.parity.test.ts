/** @file The second pass of every sampler, compared with A1111's img2img in torch (`fixtures/second-pass.py`). */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { SAMPLER_NAMES, SCHEDULE_TYPES, type SamplerName, type ScheduleType } from "./catalogue/index.ts";
import { createNoiseSchedule } from "./noise-schedule.ts";
import { ImageNoise } from "./noise/image-noise.ts";
import { modelCalls, sampleLatents, type SamplingPlan } from "./sample-latents.ts";
import type { PredictGuided, SamplerSettings } from "./sampling.ts";
import { longestSchedule, wholeSteps } from "./second-pass.ts";

interface Run {
  sampler: SamplerName;
  schedule: ScheduleType;
  steps: number;
  strength: number;
  settings?: Partial<SamplerSettings>;
  timesteps: number[];
  latents: number[];
}

const fixture: { picture: number[]; runs: Run[] } = JSON.parse(
  readFileSync(new URL("fixtures/second-pass.json", import.meta.url), "utf8"),
);
const schedule = createNoiseSchedule();
const SHAPE = { channels: 4, height: 3, width: 2 };
const VALUES_PER_IMAGE = 24;
/** The generator script's. */
const CFG_SCALE = 7;

/** The generator script's model. */
function predictNoise(x: Float32Array, t: number): Promise<Float32Array> {
  return Promise.resolve(x.map((v, i) => Math.tanh(0.7 * v + ((0.1 * i) % 1)) * (0.4 + t / 2500)));
}

function planOf(run: Omit<Run, "timesteps" | "latents">): SamplingPlan {
  const { sampler, schedule: scheduleType, steps, strength, settings = {} } = run;
  return { samplerName: sampler, scheduleType, steps, settings, denoisingStrength: strength };
}

async function draw(run: Omit<Run, "timesteps" | "latents">, images: number) {
  const timesteps: number[] = [];
  const model = (x: Float32Array, t: number) => {
    timesteps.push(t);
    return predictNoise(x, t);
  };
  const predictGuided: PredictGuided = async (x, t, { guidanceFactor }) => {
    const c = await model(x, t);
    const unconditional = x.map((v) => Math.tanh(0.5 * v) * (0.3 + t / 4000));
    return { unconditional, guided: unconditional.map((u, i) => u + CFG_SCALE * guidanceFactor * (c[i]! - u)) };
  };
  const noise = new ImageNoise([11n, 12n].slice(0, images), SHAPE);
  const picture = Float32Array.from(fixture.picture.slice(0, images * VALUES_PER_IMAGE));
  const options = { schedule, predictNoise: model, predictGuided, noise, picture };
  return { latents: await sampleLatents(noise.next(), planOf(run), options), timesteps, picture };
}

describe("second pass", () => {
  it.each(fixture.runs)("$sampler, $schedule, $steps steps at $strength", async (run) => {
    const { latents, timesteps } = await draw(run, run.latents.length / VALUES_PER_IMAGE);
    expect(timesteps.length).toBe(run.timesteps.length);
    for (const [i, t] of timesteps.entries()) expect(Math.abs(t - run.timesteps[i]!)).toBeLessThan(2e-2);
    const largest = Math.max(...run.latents.map(Math.abs));
    const worst = Math.max(...latents.map((value, i) => Math.abs(value - run.latents[i]!)));
    expect(worst / largest).toBeLessThan(2e-5);
    const calls = await modelCalls(planOf(run));
    if (run.sampler !== "DPM adaptive") expect(calls).toBe(timesteps.length);
  });

  it("covers every sampler", () => {
    expect(new Set(fixture.runs.map(({ sampler }) => sampler))).toEqual(new Set(SAMPLER_NAMES));
  });

  it.each(SAMPLER_NAMES)("%s does not change the picture at strength 0", async (sampler) => {
    const { latents, timesteps, picture } = await draw({ sampler, schedule: "Automatic", steps: 5, strength: 0 }, 2);
    expect(latents).toEqual(picture);
    expect(timesteps).toEqual([]);
  });

  it.each([
    [20, 0.7, 28],
    [20, 1, 20],
    [150, 1, 150],
    [10, 0.3, 33],
    [20, 0, 0],
  ])("%d steps at %d are the end of %d", (steps, denoisingStrength, whole) => {
    expect(wholeSteps({ steps, denoisingStrength })).toBe(whole);
  });

  // "Beta" takes seconds for the same work.
  it.each(SAMPLER_NAMES)("%s samples the end of the longest schedule", async (sampler) => {
    for (const scheduleType of SCHEDULE_TYPES.filter((type) => type !== "Beta")) {
      const strength = 2 / longestSchedule({ samplerName: sampler, scheduleType });
      const { latents } = await draw({ sampler, schedule: scheduleType, steps: 2, strength }, 1);
      expect({ scheduleType, isFinite: latents.every(Number.isFinite) }).toEqual({ scheduleType, isFinite: true });
    }
  });

  it("can have more sigmas than a call takes arguments", async () => {
    for (const sampler of ["Euler", "DPM2"] as const) {
      const { latents } = await draw({ sampler, schedule: "Karras", steps: 1, strength: 1 / 400_000 }, 1);
      expect(latents.every(Number.isFinite)).toBe(true);
    }
  });
});
