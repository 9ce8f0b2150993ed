/** @file The samplers' implementations, one for each name of the catalogue. */
import type { SamplerOfKind } from "./catalogue/index.ts";
import { sampleDdimCfgpp } from "./samplers/ddim-cfgpp.ts";
import { sampleDdim } from "./samplers/ddim.ts";
import { sampleDpmAdaptive } from "./samplers/dpm-adaptive.ts";
import { sampleDpmFast } from "./samplers/dpm-fast.ts";
import { sampleDpm2Ancestral } from "./samplers/dpm2-ancestral.ts";
import { sampleDpm2 } from "./samplers/dpm2.ts";
import { sampleDpmpp2m } from "./samplers/dpmpp-2m.ts";
import { sampleDpmpp2mSde, sampleDpmpp2mSdeHeun } from "./samplers/dpmpp-2m-sde.ts";
import { sampleDpmpp2sAncestral } from "./samplers/dpmpp-2s-ancestral.ts";
import { sampleDpmpp3mSde } from "./samplers/dpmpp-3m-sde.ts";
import { sampleDpmppSde } from "./samplers/dpmpp-sde.ts";
import { sampleEulerAncestral } from "./samplers/euler-ancestral.ts";
import { sampleEuler } from "./samplers/euler.ts";
import { sampleHeun } from "./samplers/heun.ts";
import { sampleLcm } from "./samplers/lcm.ts";
import { sampleLms } from "./samplers/lms.ts";
import { samplePlms } from "./samplers/plms.ts";
import { sampleRestart } from "./samplers/restart.ts";
import { sampleUnipc } from "./samplers/unipc.ts";
import type { SigmaSampler, TimestepSampler } from "./sampling.ts";

export const SIGMA_SAMPLERS: Readonly<Record<SamplerOfKind<"sigmas">, SigmaSampler>> = {
  "DPM++ 2M": sampleDpmpp2m,
  "DPM++ SDE": sampleDpmppSde,
  "DPM++ 2M SDE": sampleDpmpp2mSde,
  "DPM++ 2M SDE Heun": sampleDpmpp2mSdeHeun,
  "DPM++ 2S a": sampleDpmpp2sAncestral,
  "DPM++ 3M SDE": sampleDpmpp3mSde,
  "Euler a": sampleEulerAncestral,
  Euler: sampleEuler,
  LMS: sampleLms,
  Heun: sampleHeun,
  DPM2: sampleDpm2,
  "DPM2 a": sampleDpm2Ancestral,
  "DPM fast": sampleDpmFast,
  "DPM adaptive": sampleDpmAdaptive,
  Restart: sampleRestart,
  LCM: sampleLcm,
};

export const TIMESTEP_SAMPLERS: Readonly<Record<SamplerOfKind<"timesteps">, TimestepSampler>> = {
  DDIM: sampleDdim,
  "DDIM CFG++": sampleDdimCfgpp,
  PLMS: samplePlms,
  UniPC: sampleUnipc,
};
