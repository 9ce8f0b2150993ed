/** @file The second pass' sampler and schedule in an infotext are as in A1111, and drawing from the text gives the same picture. */
import { infotextScheduleType, SAMPLER_NAMES, SAMPLERS } from "@lexeme/schedulers/catalogue";
import { expect, test } from "vitest";
import { Txt2imgSettingsSchema, type Txt2imgSettings } from "../settings/txt2img-settings.ts";
import { settingsFromInfotext } from "./infotext-settings.ts";
import { parseInfotext, type Infotext } from "./infotext.ts";
import { writeTxt2imgInfotext } from "./txt2img-infotext.ts";

type Sampling = Pick<Txt2imgSettings, "samplerName" | "scheduler" | "hrSamplerName" | "hrScheduler">;

function settingsOf(sampling: Sampling): Txt2imgSettings {
  return Txt2imgSettingsSchema.parse({ ...sampling, enableHr: true });
}

test.each([
  [{ samplerName: "Euler", scheduler: "Automatic" }, {}, {}],
  [{ samplerName: "DPM++ 2M", scheduler: "Automatic" }, {}, {}],
  [{ samplerName: "DPM++ 2M", scheduler: "Automatic" }, { hrSamplerName: "DPM++ 2M", hrScheduler: "Karras" }, {}],
  [
    { samplerName: "Euler", scheduler: "Automatic" },
    { hrSamplerName: "DPM++ 2M" },
    { sampler: "DPM++ 2M", scheduleType: "Karras" },
  ],
  [
    { samplerName: "DPM++ 2M", scheduler: "Automatic" },
    { hrSamplerName: "Euler" },
    { sampler: "Euler", scheduleType: "Automatic" },
  ],
  [{ samplerName: "Euler", scheduler: "Karras" }, { hrScheduler: "Automatic" }, { scheduleType: "Automatic" }],
  [{ samplerName: "DDIM", scheduler: "Automatic" }, { hrSamplerName: "Euler" }, { sampler: "Euler" }],
  [
    { samplerName: "DDIM", scheduler: "Karras" },
    { hrSamplerName: "Euler" },
    { sampler: "Euler", scheduleType: "Karras" },
  ],
  [
    { samplerName: "Euler", scheduler: "Uniform" },
    { hrSamplerName: "DDIM", hrScheduler: "Karras" },
    { sampler: "DDIM" },
  ],
] as const)("%j, then %j: %j", (first, second, said) => {
  const { parameters } = written(settingsOf({ hrSamplerName: null, hrScheduler: null, ...first, ...second }));
  const [sampler, scheduleType] = [parameters.get("Hires sampler"), parameters.get("Hires schedule type")];
  expect({ sampler, scheduleType }).toEqual({ sampler: undefined, scheduleType: undefined, ...said });
});

test("any two samplers and schedules are read back as they were drawn", () => {
  const schedules = ["Automatic", "Karras", "Exponential"] as const;
  const wrong: Sampling[] = [];
  for (const samplerName of SAMPLER_NAMES) {
    for (const scheduler of schedules) {
      for (const hrSamplerName of [null, ...SAMPLER_NAMES]) {
        for (const hrScheduler of [null, ...schedules]) {
          const sampling = { samplerName, scheduler, hrSamplerName, hrScheduler };
          if (drawn(readBack(sampling)) !== drawn(sampling)) wrong.push(sampling);
        }
      }
    }
  }
  expect(wrong).toEqual([]);
});

/** Both passes' samplers, and their schedules if they have any. */
function drawn({ samplerName, scheduler, hrSamplerName, hrScheduler }: Sampling): string {
  const passes = [
    { samplerName, scheduleType: scheduler },
    { samplerName: hrSamplerName ?? samplerName, scheduleType: hrScheduler ?? scheduler },
  ];
  return passes
    .map(
      (pass) => `${pass.samplerName} ${SAMPLERS[pass.samplerName].kind === "sigmas" ? infotextScheduleType(pass) : ""}`,
    )
    .join(", ");
}

function readBack(sampling: Sampling): Txt2imgSettings {
  return Txt2imgSettingsSchema.parse(settingsFromInfotext(written(settingsOf(sampling))));
}

function written(settings: Txt2imgSettings): Infotext {
  const facts = { seed: "1", modelHash: undefined, model: "m", embeddings: [], version: "v" } as const;
  return parseInfotext(writeTxt2imgInfotext(settings, facts));
}
