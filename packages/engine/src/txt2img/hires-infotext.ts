/** @file What an infotext says of the second pass. */
import type { Txt2imgSettings } from "@lexeme/domain/settings";
import type { HiresInfotext } from "@lexeme/domain/infotext";
import { AUTOMATIC_SCHEDULE, goesBySigmas, infotextScheduleType } from "@lexeme/schedulers/catalogue";

/** Only what differs from the first pass; undefined where hires fix is off. Prompts are compared as infotext shows them. */
export function hiresInfotext(settings: Txt2imgSettings): HiresInfotext | undefined {
  if (!settings.enableHr) return undefined;
  const { prompt, negativePrompt, hrPrompt, hrNegativePrompt, samplerName, hrSamplerName } = settings;
  return {
    denoisingStrength: settings.denoisingStrength,
    sampler: hrSamplerName === null || hrSamplerName === samplerName ? undefined : hrSamplerName,
    scheduleType: hiresScheduleType(settings),
    prompt: hrPrompt === "" || hrPrompt === prompt ? undefined : hrPrompt,
    negativePrompt: hrNegativePrompt === "" || hrNegativePrompt === negativePrompt ? undefined : hrNegativePrompt,
    size: settings,
    steps: settings.hrSecondPassSteps,
    upscaler: settings.hrUpscaler,
  };
}

/**
 * The second pass' own schedule where it is not the first's; A1111 compares it with nothing when the first sampler goes by timesteps. Where
 * it names none ("Automatic" of Euler and its like), A1111 is silent too, and reads its own text back as the first pass' schedule: ours says
 * "Automatic" then.
 */
function hiresScheduleType(settings: Txt2imgSettings): string | undefined {
  const { samplerName, scheduler, hrSamplerName, hrScheduler } = settings;
  const second = { samplerName: hrSamplerName ?? samplerName, scheduleType: hrScheduler ?? scheduler };
  if (!goesBySigmas(second.samplerName)) return undefined;
  const first = infotextScheduleType({ samplerName, scheduleType: scheduler });
  const used = infotextScheduleType(second);
  const isComparable = goesBySigmas(samplerName) || used === AUTOMATIC_SCHEDULE;
  return isComparable && used === first ? undefined : used;
}
