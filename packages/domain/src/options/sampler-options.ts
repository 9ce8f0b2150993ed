/** @file A1111's settings section "Sampler parameters", and of "Optimizations" what changes sampling. */
import { z } from "zod";
import { readBy } from "../settings/sampler-help.ts";
import { SeedSchema } from "../settings/seed-field.ts";

export const SamplerOptionsSchema = z.object({
  eta_ddim: z.number().min(0).max(1).default(0).meta({
    title: "Eta for DDIM",
    description: "Share of fresh noise in each step of DDIM and its kin",
  }),
  eta_ancestral: z.number().min(0).max(1).default(1).meta({
    title: "Eta for k-diffusion samplers",
    description: "Share of fresh noise in each step of ancestral samplers, such as Euler a, and of SDE samplers",
  }),
  s_churn: z
    .number()
    .min(0)
    .max(100)
    .default(0)
    .meta({
      title: "sigma churn",
      description: `How much noise is stirred in at each step. ${readBy("sChurn")}`,
    }),
  s_tmin: z
    .number()
    .min(0)
    .max(10)
    .default(0)
    .meta({
      title: "sigma tmin",
      description: `Noise level below which nothing is stirred in. ${readBy("sTmin")}`,
    }),
  s_tmax: z
    .number()
    .min(0)
    .max(999)
    .default(0)
    .meta({
      title: "sigma tmax",
      description: `Noise level above which nothing is stirred in, 0 for no limit. ${readBy("sTmax")}`,
    }),
  s_noise: z
    .number()
    .min(0)
    .max(1.1)
    .default(1)
    .meta({
      title: "sigma noise",
      description: `Strength of the noise that is added on the way. ${readBy("sNoise")}`,
    }),
  sigma_min: z.number().min(0).max(2).default(0).meta({
    title: "sigma min",
    description: "Noise level at which schedules end; 0 is the model's own, about 0.03",
  }),
  sigma_max: z.number().min(0).max(60).default(0).meta({
    title: "sigma max",
    description: "Noise level at which schedules begin; 0 is the model's own, about 14.6",
  }),
  rho: z.number().min(0).max(10).default(0).meta({
    title: "rho",
    description: "How fast the noise falls at first; 0 is the schedule's own: 7 for Karras, 1 for Polyexponential",
  }),
  sgm_noise_multiplier: z.boolean().default(false).meta({
    title: "SGM noise multiplier",
    description:
      "Makes the first noise as strong as Stability's own code does. Only for drawing again what was made with it",
  }),
  eta_noise_seed_delta: SeedSchema.default("0").meta({
    title: "Eta noise seed delta",
    description: "ENSD: added to the seed for the noise of the steps. Only for drawing again what was made with it",
  }),
});

export const OptimizationOptionsSchema = z.object({
  s_min_uncond: z.number().min(0).max(15).default(0).meta({
    title: "Negative Guidance minimum sigma",
    description: "Leaves the negative prompt out of every other step below this noise level: faster, 0 for never",
  }),
});
