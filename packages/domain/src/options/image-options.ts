/** @file How finished pictures are kept: A1111's options of "Saving images/grids" and "Saving to a directory", by its names and with its defaults. */
import { z } from "zod";

/** Endings of files that pictures are written as; "jpg" and "jpeg" differ in the ending only. */
const PICTURE_FORMATS = ["png", "jpg", "jpeg", "webp"] as const;
export type PictureFormat = (typeof PICTURE_FORMATS)[number];

export const ImageOptionsSchema = z.object({
  samples_format: z.enum(PICTURE_FORMATS).default("png").meta({ title: "File format for images" }),
  samples_filename_pattern: z.string().max(1000).default("").meta({
    title: "Images filename pattern",
    description: "Empty means [seed]; without folders by date, [seed]-[prompt_spaces]",
  }),
  save_images_add_number: z.boolean().default(true).meta({ title: "Add number to filename when saving" }),
  grid_save: z.boolean().default(true).meta({ title: "Always save all generated image grids" }),
  grid_format: z.enum(PICTURE_FORMATS).default("png").meta({ title: "File format for grids" }),
  grid_extended_filename: z.boolean().default(false).meta({
    title: "Add extended info (seed, prompt) to filename when saving grid",
  }),
  grid_only_if_multiple: z.boolean().default(true).meta({ title: "Do not save grids consisting of one picture" }),
  grid_prevent_empty_spots: z.boolean().default(false).meta({
    title: "Prevent empty spots in grid (when set to autodetect)",
  }),
  n_rows: z.number().int().min(-1).max(16).default(-1).meta({
    title: "Grid row count",
    description: "-1 for autodetect, 0 for as many as the batch size",
  }),
  return_grid: z.boolean().default(true).meta({ title: "Show grid in results" }),
  enable_pnginfo: z.boolean().default(true).meta({ title: "Write infotext to metadata of the generated image" }),
  save_txt: z.boolean().default(false).meta({
    title: "Create a text file with infotext next to every generated image",
  }),
  save_incomplete_images: z.boolean().default(false).meta({
    title: "Save incomplete images",
    description: "Those that a program ended in the middle through A1111's API; it is sent them in any case",
  }),
  save_images_before_highres_fix: z.boolean().default(false).meta({
    title: "Save a copy of image before applying highres fix",
  }),
  jpeg_quality: z.number().int().min(1).max(100).default(80).meta({ title: "Quality for saved jpeg and webp images" }),
  webp_lossless: z.boolean().default(false).meta({ title: "Use lossless compression for webp images" }),
  export_for_4chan: z.boolean().default(true).meta({
    title: "Save copy of large images as JPG",
    description: "If the file is larger than the limit below, or either side longer than the one below that",
  }),
  img_downscale_threshold: z.number().positive().default(4).meta({
    title: "File size limit for the above option",
    unit: "MB",
  }),
  target_side_length: z.number().int().positive().default(4000).meta({
    title: "Width/height limit for the above option",
    unit: "px",
  }),
  save_to_dirs: z.boolean().default(true).meta({ title: "Save images to a subdirectory" }),
  grid_save_to_dirs: z.boolean().default(true).meta({ title: "Save grids to a subdirectory" }),
  directories_filename_pattern: z.string().max(1000).default("[date]").meta({ title: "Directory name pattern" }),
  directories_max_prompt_words: z.number().int().min(1).max(20).default(8).meta({
    title: "Max prompt words for [prompt_words] pattern",
  }),
});

export type ImageOptions = z.infer<typeof ImageOptionsSchema>;
