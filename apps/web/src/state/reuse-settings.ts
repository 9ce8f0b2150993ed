/** @file A picture's infotext back into the forms: txt2img's settings, or the preview of a training. */
import {
  SAMPLER_NAMES,
  SCHEDULE_TYPES,
  Txt2imgSettingsSchema,
  parseInfotext,
  type Txt2imgSettings,
} from "@lexeme/protocol";
import { trainForm, txt2imgForm } from "./forms.ts";

export interface ReusableSettings {
  settings: Partial<Txt2imgSettings>;
  /** What the infotext asked for and Lexeme has not, as sentences. */
  ignored: string[];
}

/** Settings out of an infotext, of ours or A1111's; a value that no field takes is told of, never guessed. */
export function settingsFromInfotext(infotext: string): ReusableSettings {
  const { prompt, negativePrompt, parameters } = parseInfotext(infotext);
  const settings: Partial<Txt2imgSettings> = { prompt, negativePrompt };
  const ignored: string[] = [];
  const sampler = samplerOf(parameters.get("Sampler"), parameters.get("Schedule type"));
  const wanted: Record<string, string | number | undefined> = {
    steps: number(parameters.get("Steps")),
    samplerName: sampler.name,
    scheduler: sampler.schedule,
    cfgScale: number(parameters.get("CFG scale")),
    seed: number(parameters.get("Seed")),
    width: number(parameters.get("Size-1")),
    height: number(parameters.get("Size-2")),
    clipSkip: number(parameters.get("Clip skip")),
  };
  for (const [name, value] of Object.entries(wanted)) {
    if (value === undefined) continue;
    const field = Txt2imgSettingsSchema.shape[name as keyof Txt2imgSettings];
    if (field.safeParse(value).success) Object.assign(settings, { [name]: value });
    else ignored.push(`${field.meta()?.title ?? name} "${value}" is not offered here`);
  }
  return { settings, ignored };
}

/** Fills txt2img's form; what the infotext does not say stays as it is. */
export function reuseInTxt2img(infotext: string): ReusableSettings {
  const found = settingsFromInfotext(infotext);
  const { clipSkip, ...settings } = found.settings;
  txt2imgForm.patch(clipSkip === undefined || clipSkip === 1 ? settings : { ...settings, clipSkip });
  // A1111's default is what it leaves out of an infotext, so it is no choice of anybody's.
  if (clipSkip === 1) txt2imgForm.reset(["clipSkip"]);
  return found;
}

/** Makes a picture's settings those of the training's previews. */
export function reuseAsPreview(infotext: string): ReusableSettings {
  const found = settingsFromInfotext(infotext);
  trainForm.patch(previewFrom(found.settings));
  return found;
}

/** The preview fields of a training that stand for these txt2img settings. */
export function previewFrom(settings: Partial<Txt2imgSettings>): Parameters<typeof trainForm.patch>[0] {
  const pairs = {
    previewPrompt: settings.prompt,
    previewNegativePrompt: settings.negativePrompt,
    previewSteps: settings.steps,
    previewSamplerName: settings.samplerName,
    previewScheduler: settings.scheduler,
    previewCfgScale: settings.cfgScale,
    previewSeed: settings.seed,
  };
  return Object.fromEntries(Object.entries(pairs).filter(([, value]) => value !== undefined));
}

/** Older files join the two: "DPM++ 2M Karras". */
function samplerOf(sampler: string | undefined, schedule: string | undefined): { name?: string; schedule?: string } {
  if (sampler === undefined) return {};
  const suffix = SCHEDULE_TYPES.find((type) => sampler.endsWith(` ${type}`));
  const known = (SAMPLER_NAMES as readonly string[]).includes(sampler);
  if (!known && suffix !== undefined) return { name: sampler.slice(0, -suffix.length - 1), schedule: suffix };
  return { name: sampler, schedule: schedule ?? "Automatic" };
}

function number(text: string | undefined): number | undefined {
  if (text === undefined || text.trim() === "") return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}
