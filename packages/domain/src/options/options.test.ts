import { describe, expect, test } from "vitest";
import type { z } from "zod";
import { XyzPlotSettingsSchema } from "../plot/xyz-plot-settings.ts";
import { PreprocessSettingsSchema } from "../settings/preprocess-settings.ts";
import { TrainSettingsSchema } from "../settings/train-settings.ts";
import { Txt2imgSettingsSchema } from "../settings/txt2img-settings.ts";
import { factsOf } from "../settings/setting.ts";
import { defaultsFromOptions, etaWhereUnsaid, withOptions } from "./job-defaults.ts";
import {
  DEFAULT_OPTIONS,
  OPTION_NAMES,
  OPTION_SECTIONS,
  OptionsSchema,
  a1111Default,
  type OptionName,
} from "./options.ts";

describe("the table of options", () => {
  test("every option is in exactly one section", () => {
    const inSections = OPTION_SECTIONS.flatMap(({ schema }) => Object.keys(schema.shape));
    expect(inSections.toSorted()).toEqual(OPTION_NAMES.toSorted());
  });

  test.each(OPTION_NAMES)("%s has a default that it takes itself, and a label", (name) => {
    const schema: z.ZodType = OptionsSchema.shape[name];
    expect(schema.safeParse(DEFAULT_OPTIONS[name]).success).toBe(true);
    expect(schema.meta()?.title).toMatch(/^\S.{2,}$/u);
  });

  test("A1111's default is known if ours differs", () => {
    expect(a1111Default("randn_source")).toBe("GPU");
    expect(a1111Default("save_optimizer_state")).toBe(false);
    expect(a1111Default("CLIP_stop_at_last_layers")).toBe(1);
  });

  test("the help of a sampler's setting lists exactly the samplers that read it", () => {
    const help = (name: "s_churn" | "s_noise") => OptionsSchema.shape[name].meta()?.description;
    expect(help("s_churn")).toContain("Read by Euler, Heun and DPM2");
    expect(help("s_noise")).toMatch(/Read by .*DPM\+\+ 2M SDE, .*DPM fast/u);
  });

  test("a regular expression that cannot be read is refused with a sentence", () => {
    const parsed = OptionsSchema.safeParse({ dataset_filename_word_regex: "(a" });
    expect(parsed.error?.issues[0]?.message).toContain("regular expression");
  });
});

describe("options as defaults of jobs", () => {
  test("an option that a field names has A1111's default", () => {
    const named = [Txt2imgSettingsSchema, TrainSettingsSchema, XyzPlotSettingsSchema].flatMap(({ shape }) =>
      Object.values(shape).flatMap((field) => factsOf(field).option ?? []),
    );
    expect(Object.fromEntries(named.map((name) => [name, a1111Default(name as OptionName)]))).toEqual({
      CLIP_stop_at_last_layers: 1,
      always_discard_next_to_last_sigma: false,
      beta_dist_alpha: 0.6,
      beta_dist_beta: 0.6,
      comma_padding_backtrack: 20,
      emphasis: "Original",
      eta_noise_seed_delta: "0",
      randn_source: "GPU",
      rho: 0,
      s_churn: 0,
      s_min_uncond: 0,
      s_noise: 1,
      s_tmax: 0,
      s_tmin: 0,
      sd_vae: "Automatic",
      sgm_noise_multiplier: false,
      sigma_max: 0,
      sigma_min: 0,
      tiling: false,
    });
  });

  test("with every option at its default a request's settings stay those of the schema", () => {
    expect(Txt2imgSettingsSchema.parse(withOptions(Txt2imgSettingsSchema, {}, DEFAULT_OPTIONS))).toEqual(
      Txt2imgSettingsSchema.parse({}),
    );
  });

  test("fields that the request leaves out come from the options, other fields stay", () => {
    const options = OptionsSchema.parse({ CLIP_stop_at_last_layers: 2, emphasis: "No norm", sd_vae: "None" });
    expect(withOptions(Txt2imgSettingsSchema, { emphasis: "Original" }, options)).toMatchObject({
      clipSkip: 2,
      emphasis: "Original",
      vae: "None",
    });
    expect(withOptions(TrainSettingsSchema, {}, options)).toEqual({ vae: "None", clipSkip: 2 });
    expect(defaultsFromOptions(PreprocessSettingsSchema, options)).toEqual({});
  });

  test("a schedule's limits are a job's own settings too", () => {
    const options = OptionsSchema.parse({ sigma_max: 10, rho: 5, sgm_noise_multiplier: true });
    expect(withOptions(Txt2imgSettingsSchema, {}, options)).toMatchObject({
      sigmaMax: 10,
      sigmaMin: 0,
      rho: 5,
      sgmNoiseMultiplier: true,
    });
  });

  test("eta is the sampler's own until its option is changed; null means left out", () => {
    const options = OptionsSchema.parse({ eta_ancestral: 0.5, eta_ddim: 0.25 });
    expect(withOptions(Txt2imgSettingsSchema, { samplerName: "Euler a" }, DEFAULT_OPTIONS)["eta"]).toBeNull();
    expect(withOptions(Txt2imgSettingsSchema, { samplerName: "Euler a", eta: null }, options)["eta"]).toBe(0.5);
    expect(withOptions(Txt2imgSettingsSchema, { samplerName: "DDIM" }, options)["eta"]).toBe(0.25);
    expect(withOptions(Txt2imgSettingsSchema, { samplerName: "DDIM", eta: 1 }, options)["eta"]).toBe(1);
  });

  test("an infotext without eta means the sampler's own, with any options", () => {
    const options = OptionsSchema.parse({ eta_ancestral: 0.5 });
    expect(etaWhereUnsaid({ samplerName: "Euler a", eta: null }, options)).toEqual({ eta: 1 });
    expect(etaWhereUnsaid({ samplerName: "DDIM", eta: null }, options)).toEqual({});
    expect(etaWhereUnsaid({ samplerName: "Euler a", eta: 0.2 }, options)).toEqual({});
  });
});
