/** @file The options of A1111's settings section "Upscaling" that Lexeme has. */
import { z } from "zod";
import { setting } from "../settings/setting.ts";

/** A1111's sliders move by this many pixels. */
const TILE_STEP = 16;

export const UpscalingOptionsSchema = z.object({
  ESRGAN_tile: setting(z.number().int().min(0).max(512).multipleOf(TILE_STEP).default(192), {
    title: "Tile size for ESRGAN upscalers",
    unit: "px",
    description: "Larger tiles need more memory; 0 enlarges the picture in one piece",
  }),
  ESRGAN_tile_overlap: setting(z.number().int().min(0).max(48).default(8), {
    title: "Tile overlap for ESRGAN upscalers",
    unit: "px",
    description: "Width of the strip in which a tile fades into the next; too small a width shows seams",
  }),
});
