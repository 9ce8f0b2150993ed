/** @file The table of options: A1111's settings that Lexeme has, with A1111's names, in the sections of its settings page. */
import { z } from "zod";
import { a1111DefaultOf } from "../settings/setting.ts";
import { ImageOptionsSchema } from "./image-options.ts";
import { InfotextOptionsSchema } from "./infotext-options.ts";
import { InterfaceOptionsSchema } from "./interface-options.ts";
import { LivePreviewOptionsSchema } from "./live-preview-options.ts";
import { OptimizationOptionsSchema, SamplerOptionsSchema } from "./sampler-options.ts";
import { StableDiffusionOptionsSchema, VaeOptionsSchema } from "./stable-diffusion-options.ts";
import { TrainingOptionsSchema } from "./training-options.ts";
import { UpscalingOptionsSchema } from "./upscaling-options.ts";

/** Label, help and unit of an option are its schema's `title`, `description` and `unit`. */
export interface OptionSection {
  /** The section's name in addresses and tests. */
  readonly id: string;
  readonly title: string;
  readonly schema: z.ZodObject;
}

/** The sections in the order of the settings page. */
export const OPTION_SECTIONS: readonly OptionSection[] = [
  { id: "stable-diffusion", title: "Stable Diffusion", schema: StableDiffusionOptionsSchema },
  { id: "vae", title: "VAE", schema: VaeOptionsSchema },
  { id: "sampler-params", title: "Sampler parameters", schema: SamplerOptionsSchema },
  { id: "optimizations", title: "Optimizations", schema: OptimizationOptionsSchema },
  { id: "upscaling", title: "Upscaling", schema: UpscalingOptionsSchema },
  { id: "saving-images", title: "Saving images and grids", schema: ImageOptionsSchema },
  { id: "infotext", title: "Infotext", schema: InfotextOptionsSchema },
  { id: "live-previews", title: "Live previews", schema: LivePreviewOptionsSchema },
  { id: "training", title: "Training", schema: TrainingOptionsSchema },
  { id: "user-interface", title: "User interface", schema: InterfaceOptionsSchema },
];

/** All options in one object. A name that is not in it is no option. */
export const OptionsSchema = z.object({
  ...StableDiffusionOptionsSchema.shape,
  ...VaeOptionsSchema.shape,
  ...SamplerOptionsSchema.shape,
  ...OptimizationOptionsSchema.shape,
  ...UpscalingOptionsSchema.shape,
  ...ImageOptionsSchema.shape,
  ...InfotextOptionsSchema.shape,
  ...LivePreviewOptionsSchema.shape,
  ...TrainingOptionsSchema.shape,
  ...InterfaceOptionsSchema.shape,
});
export type Options = z.infer<typeof OptionsSchema>;
export type OptionName = keyof Options;

/** The value of every option before a user changes it. */
export const DEFAULT_OPTIONS: Options = OptionsSchema.parse({});

export const OPTION_NAMES = Object.keys(DEFAULT_OPTIONS) as OptionName[];

/** A1111's own default, which differs from Lexeme's for a few options. */
export function a1111Default(name: OptionName): unknown {
  return a1111DefaultOf(OptionsSchema.shape[name]);
}
