/** @file The body of A1111's txt2img: its names and defaults. Unknown fields are accepted, as in A1111. */
import { SeedSchema } from "@lexeme/domain/settings";
import { z } from "zod";
import { flag, integer, number, text } from "../request-fields.ts";

/** A1111's sampler for a request that names none. */
export const A1111_SAMPLER = "Euler";

const seedField = () => SeedSchema.optional().meta({ default: -1 });
const record = () => z.record(z.string(), z.unknown());

/** Has no defaults, because fields of the program must differ from missing fields: an `infotext` fills the missing fields. */
export const Txt2imgRequestSchema = z.looseObject({
  prompt: text(""),
  negative_prompt: text(""),
  styles: z.array(z.string()).optional().meta({ default: [] }),
  seed: seedField(),
  subseed: seedField(),
  subseed_strength: number(0),
  seed_resize_from_h: integer(-1),
  seed_resize_from_w: integer(-1),
  sampler_name: z.string().optional(),
  scheduler: z.string().optional(),
  sampler_index: text(A1111_SAMPLER),
  batch_size: integer(1),
  n_iter: integer(1),
  steps: integer(50),
  cfg_scale: number(7),
  width: integer(512),
  height: integer(512),
  restore_faces: z.boolean().optional(),
  tiling: z.boolean().optional(),
  do_not_save_samples: flag(false),
  do_not_save_grid: flag(false),
  eta: z.number().optional(),
  denoising_strength: number(0.75),
  s_min_uncond: z.number().optional(),
  s_churn: z.number().optional(),
  s_tmax: z.number().optional(),
  s_tmin: z.number().optional(),
  s_noise: z.number().optional(),
  override_settings: record().optional().meta({ default: {} }),
  override_settings_restore_afterwards: flag(true),
  refiner_checkpoint: z.string().optional(),
  refiner_switch_at: z.number().optional(),
  disable_extra_networks: flag(false),
  firstpass_image: z.string().optional(),
  comments: record().optional(),
  enable_hr: flag(false),
  firstphase_width: integer(0),
  firstphase_height: integer(0),
  hr_scale: number(2),
  /** A1111 draws with its first latent upscaler if none is named, and its infotext then names none. */
  hr_upscaler: z.string().optional(),
  hr_second_pass_steps: integer(0),
  hr_resize_x: integer(0),
  hr_resize_y: integer(0),
  hr_checkpoint_name: z.string().optional(),
  hr_sampler_name: z.string().optional(),
  hr_scheduler: z.string().optional(),
  hr_prompt: text(""),
  hr_negative_prompt: text(""),
  force_task_id: z.string().optional(),
  infotext: z.string().optional(),
  script_name: z.string().optional(),
  script_args: z.array(z.unknown()).optional().meta({ default: [] }),
  alwayson_scripts: record().optional().meta({ default: {} }),
  send_images: flag(true),
  save_images: flag(false),
});

export type Txt2imgRequest = z.infer<typeof Txt2imgRequestSchema>;

/** The request with A1111's defaults for the missing fields. */
export function completeRequest(request: Txt2imgRequest): Txt2imgRequest {
  const defaults = Object.entries(Txt2imgRequestSchema.shape).flatMap(([name, schema]) => {
    const standard = (schema as z.ZodType).meta()?.["default"];
    return standard === undefined ? [] : [[name, standard] as const];
  });
  return { ...Object.fromEntries(defaults), ...request };
}

/** The body as A1111 repeats it in its answer: every field, with null for a missing field without a default. Seeds are bigints. */
export function repeatRequest(request: Txt2imgRequest): Record<string, unknown> {
  const nothing = Object.keys(Txt2imgRequestSchema.shape).map((name) => [name, null]);
  const complete = completeRequest(request);
  const [seed, subseed] = [BigInt(complete.seed ?? -1), BigInt(complete.subseed ?? -1)];
  return { ...Object.fromEntries(nothing), ...complete, seed, subseed };
}
