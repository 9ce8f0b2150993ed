/** @file How pictures are sampled: A1111's sampler parameters, each a field of txt2img and an option of the same name. */
import { z } from "zod";
import { ownRhos, readBy } from "./sampler-help.ts";
import { SeedSchema } from "./seed-field.ts";
import { setting } from "./setting.ts";

/** Where noise comes from. "GPU", A1111's default, is an NVIDIA card there; "NV" computes that one's noise anywhere, and so does "GPU" here. */
export const RANDOM_SOURCES = ["GPU", "CPU", "NV"] as const;

export const SAMPLING_FIELDS = {
  /** Null is the sampler's own: 1, for DDIM 0. Two options stand for it, by sampler: see `withOptions`. */
  eta: setting(z.number().min(0).max(1).nullable().default(null), {
    title: "Eta",
    description: `Share of fresh noise in each step; empty is the sampler's own. ${readBy("eta")}`,
    infotext: ["Eta", "Eta DDIM"],
  }),
  sChurn: setting(z.number().min(0).max(100).default(0), {
    title: "Sigma churn",
    description: `How much noise is stirred in at each step. ${readBy("sChurn")}`,
    infotext: ["Sigma churn"],
    option: "s_churn",
  }),
  sTmin: setting(z.number().min(0).max(10).default(0), {
    title: "Sigma tmin",
    description: `Noise level below which nothing is stirred in. ${readBy("sTmin")}`,
    infotext: ["Sigma tmin"],
    option: "s_tmin",
  }),
  sTmax: setting(z.number().min(0).max(999).default(0), {
    title: "Sigma tmax",
    description: `Noise level above which nothing is stirred in, 0 for no limit. ${readBy("sTmax")}`,
    infotext: ["Sigma tmax"],
    option: "s_tmax",
  }),
  sNoise: setting(z.number().min(0).max(1.1).default(1), {
    title: "Sigma noise",
    description: `Strength of the noise that is added on the way. ${readBy("sNoise")}`,
    infotext: ["Sigma noise"],
    option: "s_noise",
  }),
  sMinUncond: setting(z.number().min(0).max(15).default(0), {
    title: "Negative guidance minimum sigma",
    description: "Leaves the negative prompt out of every other step below this noise level: faster, 0 for never",
    infotext: ["NGMS"],
    option: "s_min_uncond",
  }),
  sigmaMin: setting(z.number().min(0).max(2).default(0), {
    title: "Schedule min sigma",
    description: "Noise level at which schedules end; 0 is the model's own, about 0.03",
    infotext: ["Schedule min sigma"],
    option: "sigma_min",
  }),
  sigmaMax: setting(z.number().min(0).max(60).default(0), {
    title: "Schedule max sigma",
    description: "Noise level at which schedules begin; 0 is the model's own, about 14.6",
    infotext: ["Schedule max sigma"],
    option: "sigma_max",
  }),
  rho: setting(z.number().min(0).max(10).default(0), {
    title: "Schedule rho",
    description: `How fast the noise falls at first; 0 is the schedule's own: ${ownRhos()}`,
    infotext: ["Schedule rho"],
    option: "rho",
  }),
  sgmNoiseMultiplier: setting(z.boolean().default(false), {
    title: "SGM noise multiplier",
    description:
      "Makes the first noise as strong as Stability's own code does. Only for drawing again what was made with it",
    infotext: ["SGM noise multiplier"],
    option: "sgm_noise_multiplier",
  }),
  /** Added to the seed, beyond 64 bits without a carry. */
  etaNoiseSeedDelta: setting(SeedSchema.default("0"), {
    title: "Eta noise seed delta",
    description: "ENSD: added to the seed for the noise of the steps. Only for drawing again what was made with it",
    infotext: ["ENSD"],
    option: "eta_noise_seed_delta",
  }),
  // A1111 starts with "GPU", whose noise needs its graphics card; "CPU" is the same everywhere. An infotext without RNG means "GPU".
  randnSource: setting(z.enum(RANDOM_SOURCES).default("CPU"), {
    title: "Random number generator source",
    description:
      "Changes what every seed means. NV and GPU are the noise of an NVIDIA card, CPU that of PyTorch on any machine",
    infotext: ["RNG"],
    option: "randn_source",
    a1111Default: "GPU",
  }),
};
