/** @file A1111's options of "Saving images/grids" and "Saving to a directory", with A1111's names and defaults. */
import { z } from "zod";
import { setting } from "../settings/setting.ts";

/** Endings of picture files; "jpg" and "jpeg" differ only in the ending. */
const PICTURE_FORMATS = ["png", "jpg", "jpeg", "webp"] as const;
export type PictureFormat = (typeof PICTURE_FORMATS)[number];

export const ImageOptionsSchema = z.object({
  samples_format: setting(z.enum(PICTURE_FORMATS).default("png"), { title: "File format for images" }),
  samples_filename_pattern: setting(z.string().max(1000).default(""), {
    title: "Images filename pattern",
    description: "Empty means [seed], or [seed]-[prompt_spaces] if images are not saved to a subdirectory",
  }),
  save_images_add_number: setting(z.boolean().default(true), { title: "Add number to filename when saving" }),
  grid_save: setting(z.boolean().default(true), { title: "Always save all generated image grids" }),
  grid_format: setting(z.enum(PICTURE_FORMATS).default("png"), { title: "File format for grids" }),
  grid_extended_filename: setting(z.boolean().default(false), {
    title: "Add extended info (seed, prompt) to filename when saving grid",
  }),
  grid_only_if_multiple: setting(z.boolean().default(true), { title: "Do not save grids consisting of one picture" }),
  grid_prevent_empty_spots: setting(z.boolean().default(false), {
    title: "Prevent empty spots in grid (when set to autodetect)",
  }),
  n_rows: setting(z.number().int().min(-1).max(16).default(-1), {
    title: "Grid row count",
    description: "-1 for autodetect, 0 for as many as the batch size",
  }),
  return_grid: setting(z.boolean().default(true), { title: "Show grid in results" }),
  enable_pnginfo: setting(z.boolean().default(true), { title: "Write infotext to metadata of the generated image" }),
  save_txt: setting(z.boolean().default(false), {
    title: "Create a text file with infotext next to every generated image",
  }),
  save_incomplete_images: setting(z.boolean().default(false), {
    title: "Save incomplete images",
    description:
      "Saves pictures that a program interrupted through A1111's API; the program receives them in both cases",
  }),
  save_images_before_highres_fix: setting(z.boolean().default(false), {
    title: "Save a copy of image before applying highres fix",
  }),
  jpeg_quality: setting(z.number().int().min(1).max(100).default(80), {
    title: "Quality for saved jpeg and webp images",
  }),
  webp_lossless: setting(z.boolean().default(false), { title: "Use lossless compression for webp images" }),
  export_for_4chan: setting(z.boolean().default(true), {
    title: "Save copy of large images as JPG",
    description: "If the file or either side of the picture exceeds its limit below",
  }),
  img_downscale_threshold: setting(z.number().positive().default(4), {
    title: "File size limit for the above option",
    unit: "MB",
  }),
  target_side_length: setting(z.number().int().positive().default(4000), {
    title: "Width/height limit for the above option",
    unit: "px",
  }),
  save_to_dirs: setting(z.boolean().default(true), { title: "Save images to a subdirectory" }),
  grid_save_to_dirs: setting(z.boolean().default(true), { title: "Save grids to a subdirectory" }),
  directories_filename_pattern: setting(z.string().max(1000).default("[date]"), { title: "Directory name pattern" }),
  directories_max_prompt_words: setting(z.number().int().min(1).max(20).default(8), {
    title: "Max prompt words for [prompt_words] pattern",
  }),
});

export type ImageOptions = z.infer<typeof ImageOptionsSchema>;
