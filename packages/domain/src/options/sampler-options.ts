/** @file A1111's settings section "Sampler parameters", and the option of "Optimizations" that changes sampling. All but the two of eta stand for a field of txt2img. */
import { z } from "zod";
import { SAMPLING_FIELDS } from "../settings/sampling-fields.ts";
import { setting } from "../settings/setting.ts";
import { optionsOf } from "./options-of-fields.ts";

const { eta: _byTwoOptions, randnSource: _ofAnotherSection, sMinUncond, ...sampling } = SAMPLING_FIELDS;

export const SamplerOptionsSchema = z.object({
  eta_ddim: setting(z.number().min(0).max(1).default(0), {
    title: "Eta for DDIM",
    description: "Share of new noise in each step of DDIM and similar samplers",
  }),
  eta_ancestral: setting(z.number().min(0).max(1).default(1), {
    title: "Eta for k-diffusion samplers",
    description: "Share of new noise in each step of ancestral samplers, such as Euler a, and of SDE samplers",
  }),
  ...optionsOf(sampling),
});

export const OptimizationOptionsSchema = z.object(optionsOf({ sMinUncond }));
