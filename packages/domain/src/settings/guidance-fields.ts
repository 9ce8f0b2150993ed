/** @file The fields for sampling steps and guidance, for all forms: A1111's sliders for the page, wider bounds for programs. */
import { z } from "zod";
import type { ReadKey } from "../infotext/infotext-keys.ts";
import { setting } from "./setting.ts";

/** The model has this many noise levels; some samplers and schedules cannot have more steps. */
export const MOST_STEPS = 1000;
/** A1111's slider for steps ends here. */
export const SLIDER_STEPS = 150;
/** A1111's API takes any guidance, also 0 and negative guidance; pictures are noise long before this. */
const MOST_GUIDANCE = 1000;

type FieldTexts = { readonly title: string; readonly infotext?: readonly ReadKey[] };

/** Sampling steps. */
export function stepsField(facts: FieldTexts) {
  const steps = z.number().int().min(1).max(MOST_STEPS).default(20);
  return setting(steps, { ...facts, slider: { max: SLIDER_STEPS } });
}

/** CFG scale. */
export function cfgScaleField(facts: FieldTexts) {
  const scale = z.number().min(-MOST_GUIDANCE).max(MOST_GUIDANCE).default(7);
  return setting(scale, { ...facts, slider: { min: 1, max: 30 } });
}
