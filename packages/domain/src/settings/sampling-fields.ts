/** @file A1111's sampler parameters: each is a field of txt2img, and an option that stands for it. */
import { z } from "zod";
import { ownRhos, readBy } from "./sampler-help.ts";
import { SeedSchema } from "./seed-field.ts";
import { setting } from "./setting.ts";

/** The sources of noise. "GPU", A1111's default, is the noise of an NVIDIA card; "NV" computes the same noise on any machine, and so does "GPU" here. */
export const RANDOM_SOURCES = ["GPU", "CPU", "NV"] as const;

/** The bounds of A1111's sliders. */
const BETA_SLIDER = { max: 2 };

export const SAMPLING_FIELDS = {
  /** Null is the sampler's own eta: 1, or 0 for DDIM. Two options stand for the field, depending on the sampler: see `withOptions`. */
  eta: setting(z.number().min(0).max(1).nullable().default(null), {
    title: "Eta",
    description: `Share of new noise in each step; empty takes the sampler's own value. ${readBy("eta")}`,
    infotext: ["Eta", "Eta DDIM"],
  }),
  sChurn: setting(z.number().min(0).max(100).default(0), {
    title: "Sigma churn",
    description: `Amount of noise that is mixed in at each step. ${readBy("sChurn")}`,
    infotext: ["Sigma churn"],
    option: "s_churn",
  }),
  sTmin: setting(z.number().min(0).max(10).default(0), {
    title: "Sigma tmin",
    description: `Noise level below which no noise is mixed in. ${readBy("sTmin")}`,
    infotext: ["Sigma tmin"],
    option: "s_tmin",
  }),
  sTmax: setting(z.number().min(0).max(999).default(0), {
    title: "Sigma tmax",
    description: `Noise level above which no noise is mixed in; 0 is no limit. ${readBy("sTmax")}`,
    infotext: ["Sigma tmax"],
    option: "s_tmax",
  }),
  sNoise: setting(z.number().min(0).max(1.1).default(1), {
    title: "Sigma noise",
    description: `Strength of the noise that steps add. ${readBy("sNoise")}`,
    infotext: ["Sigma noise"],
    option: "s_noise",
  }),
  sMinUncond: setting(z.number().min(0).max(15).default(0), {
    title: "Negative guidance minimum sigma",
    description: "Faster: leaves the negative prompt out of every other step below this noise level; 0 is never",
    infotext: ["NGMS"],
    option: "s_min_uncond",
  }),
  sigmaMin: setting(z.number().min(0).max(2).default(0), {
    title: "Schedule min sigma",
    description: "Noise level at which schedules end; 0 takes the model's own, about 0.03",
    infotext: ["Schedule min sigma"],
    option: "sigma_min",
  }),
  sigmaMax: setting(z.number().min(0).max(60).default(0), {
    title: "Schedule max sigma",
    description: "Noise level at which schedules begin; 0 takes the model's own, about 14.6",
    infotext: ["Schedule max sigma"],
    option: "sigma_max",
  }),
  rho: setting(z.number().min(0).max(10).default(0), {
    title: "Schedule rho",
    description: `Steepness of the noise's fall at first; 0 takes the schedule's own: ${ownRhos()}`,
    infotext: ["Schedule rho"],
    option: "rho",
  }),
  betaDistAlpha: setting(z.number().min(0.01).max(10).default(0.6), {
    title: "Beta schedule alpha",
    description: "Shape of the schedule Beta at its noisy end: smaller puts more steps there",
    infotext: ["Beta schedule alpha"],
    option: "beta_dist_alpha",
    slider: BETA_SLIDER,
  }),
  betaDistBeta: setting(z.number().min(0.01).max(10).default(0.6), {
    title: "Beta schedule beta",
    description: "Shape of the schedule Beta at its clean end: smaller puts more steps there",
    infotext: ["Beta schedule beta"],
    option: "beta_dist_beta",
    slider: BETA_SLIDER,
  }),
  alwaysDiscardNextToLastSigma: setting(z.boolean().default(false), {
    title: "Always discard next-to-last sigma",
    description: "Every sampler skips the smallest noise level, as DPM2 and DPM++ 3M SDE do by themselves",
    infotext: ["Discard penultimate sigma"],
    option: "always_discard_next_to_last_sigma",
  }),
  sgmNoiseMultiplier: setting(z.boolean().default(false), {
    title: "SGM noise multiplier",
    description:
      "Makes the first noise as strong as Stability's own code does. Only for drawing older pictures that used it again",
    infotext: ["SGM noise multiplier"],
    option: "sgm_noise_multiplier",
  }),
  /** Added to the seed; a carry beyond 64 bits is dropped. */
  etaNoiseSeedDelta: setting(SeedSchema.default("0"), {
    title: "Eta noise seed delta",
    description:
      "ENSD: added to the seed for the noise of the steps. Only for drawing older pictures that used it again",
    infotext: ["ENSD"],
    option: "eta_noise_seed_delta",
  }),
  // A1111's default is "GPU", whose noise depends on the graphics card there; "CPU" is the same everywhere. An infotext without RNG means "GPU".
  randnSource: setting(z.enum(RANDOM_SOURCES).default("CPU"), {
    title: "Random number generator source",
    description:
      "Changes the picture of every seed. NV and GPU give the noise of an NVIDIA card, CPU gives PyTorch's noise on any machine",
    infotext: ["RNG"],
    option: "randn_source",
    a1111Default: "GPU",
  }),
};
