/** @file A picture's infotext back into the forms: txt2img's settings, or the preview of a training. */
import { Txt2imgSettingsSchema, parseInfotext, samplingFromInfotext, type Txt2imgSettings } from "@lexeme/protocol";
import { trainForm, txt2imgForm } from "./forms.ts";

export interface ReusableSettings {
  settings: Partial<Txt2imgSettings>;
  /** What the infotext asked for and Lexeme has not, as sentences. */
  ignored: string[];
}

/** Settings out of an infotext, of ours or A1111's; a value that no field takes is told of, never guessed. */
export function settingsFromInfotext(infotext: string): ReusableSettings {
  const parsed = parseInfotext(infotext);
  const { prompt, negativePrompt, parameters } = parsed;
  const settings: Partial<Txt2imgSettings> = { prompt, negativePrompt };
  const ignored: string[] = [];
  const wanted: Record<string, string | number | boolean | null | undefined> = {
    steps: number(parameters.get("Steps")),
    ...samplingFromInfotext(parsed),
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
  txt2imgForm.patch(found.settings);
  // A1111 leaves defaults out of an infotext, so they are no choice of anybody's.
  txt2imgForm.reset(defaultsAmong(found.settings));
  return found;
}

/** Fields that hold their schema's default. Sizes are not among them: their default is the checkpoint's. */
function defaultsAmong(settings: Partial<Txt2imgSettings>): string[] {
  return Object.entries(settings)
    .filter(([name, value]) => name !== "width" && name !== "height" && isDefault(name as keyof Txt2imgSettings, value))
    .map(([name]) => name);
}

function isDefault(name: keyof Txt2imgSettings, value: unknown): boolean {
  const parsed = Txt2imgSettingsSchema.shape[name].safeParse(undefined);
  return parsed.success && parsed.data === value;
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

function number(text: string | undefined): number | undefined {
  if (text === undefined || text.trim() === "") return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}
