/** @file A1111's settings section "Sampler parameters", and of "Optimizations" what changes sampling: all but eta's two stand for a field of txt2img. */
import { z } from "zod";
import { SAMPLING_FIELDS } from "../settings/sampling-fields.ts";
import { setting } from "../settings/setting.ts";
import { optionsOf } from "./options-of-fields.ts";

const { eta: _byTwoOptions, randnSource: _ofAnotherSection, sMinUncond, ...sampling } = SAMPLING_FIELDS;

export const SamplerOptionsSchema = z.object({
  eta_ddim: setting(z.number().min(0).max(1).default(0), {
    title: "Eta for DDIM",
    description: "Share of fresh noise in each step of DDIM and its kin",
  }),
  eta_ancestral: setting(z.number().min(0).max(1).default(1), {
    title: "Eta for k-diffusion samplers",
    description: "Share of fresh noise in each step of ancestral samplers, such as Euler a, and of SDE samplers",
  }),
  ...optionsOf(sampling),
});

export const OptimizationOptionsSchema = z.object(optionsOf({ sMinUncond }));
