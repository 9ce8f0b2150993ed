/** @file Names of samplers and schedules as A1111 writes and reads them, and the effects of a sampler's traits. */
import { describe, expect, it } from "vitest";
import { readSamplerName } from "./sampler-reading.ts";
import { infotextScheduleType, SAMPLER_NAMES, samplersReading, type SamplerName } from "./samplers.ts";
import { readScheduleType, type ScheduleType } from "./schedule-types.ts";

/** `GET /sdapi/v1/samplers` of A1111 1.10. */
const A1111_SAMPLERS =
  "DPM++ 2M|DPM++ SDE|DPM++ 2M SDE|DPM++ 2M SDE Heun|DPM++ 2S a|DPM++ 3M SDE|Euler a|Euler|LMS|Heun|DPM2|DPM2 a|DPM fast|DPM adaptive|Restart|DDIM|DDIM CFG++|PLMS|UniPC|LCM".split(
    "|",
  );

describe("what a sampler reads", () => {
  it("is checked in the catalogue", () => {
    expect(samplersReading("sChurn")).toEqual(expect.arrayContaining(["Euler", "Heun", "DPM2"]));
    expect(samplersReading("sChurn")).not.toContain("Euler a");
    expect(samplersReading("sNoise")).toContain("DPM++ 2M SDE");
    expect(samplersReading("eta")).toContain("DDIM");
  });
});

it("A1111's samplers come first in its own order, because programs may name a sampler by its number", () => {
  expect(SAMPLER_NAMES.slice(0, A1111_SAMPLERS.length)).toEqual(A1111_SAMPLERS);
});

describe("names", () => {
  it.each([
    ["DPM++ 2M", "DPM++ 2M", undefined],
    ["DPM++ 2M Karras", "DPM++ 2M", "Karras"],
    ["Euler a", "Euler a", undefined],
    ["Euler a karras", "Euler a", "Karras"],
    ["Euler Uniform", "Euler", "Uniform"],
    ["DPM++ 2M SDE Heun Exponential", "DPM++ 2M SDE Heun", "Exponential"],
    ["DPM++ 2M SGM Uniform", "DPM++ 2M", "SGM Uniform"],
    ["DPM2 a Karras", "DPM2 a", "Karras"],
    ["DDIM", "DDIM", undefined],
    ["DDIM CFG++", "DDIM CFG++", undefined],
  ])("%s is %s with %s", (name, samplerName, scheduleType) => {
    expect(readSamplerName(name)).toEqual({ samplerName, scheduleType });
  });

  it.each(["euler", "k_euler", "DPM++ 4M", "Euler Cosine", ""])("%j is not a sampler here", (name) => {
    expect(readSamplerName(name)).toEqual({ samplerName: undefined, scheduleType: undefined });
  });

  it.each([
    ["Karras", "Karras"],
    ["karras", "Karras"],
    ["sgm_uniform", "SGM Uniform"],
    ["SGMUniform", "SGM Uniform"],
    ["Align Your Steps", "Align Your Steps"],
    ["Turbo", undefined],
    ["", undefined],
  ])("the schedule %j is %s", (text, scheduleType) => {
    expect(readScheduleType(text)).toBe(scheduleType);
  });

  it("infotext shows the schedule that was used, as A1111 does", () => {
    const shown = (samplerName: SamplerName, scheduleType: ScheduleType) =>
      infotextScheduleType({ samplerName, scheduleType });
    expect(shown("DPM++ 2M", "Automatic")).toBe("Karras");
    expect(shown("Euler a", "Automatic")).toBe("Automatic");
    expect(shown("Euler", "Karras")).toBe("Karras");
    expect(shown("DDIM", "Karras")).toBe("Karras");
    expect(shown("UniPC", "Automatic")).toBe("Automatic");
    expect(shown("LMS", "Automatic")).toBe("Automatic");
    expect(shown("DPM++ 3M SDE", "Automatic")).toBe("Exponential");
  });
});
