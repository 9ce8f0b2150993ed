/** @file A1111's settings section "Upscaling", as far as it acts here. */
import { z } from "zod";
import { setting } from "../settings/setting.ts";

/** A1111's sliders move by this many pixels. */
const TILE_STEP = 16;

export const UpscalingOptionsSchema = z.object({
  ESRGAN_tile: setting(z.number().int().min(0).max(512).multipleOf(TILE_STEP).default(192), {
    title: "Tile size for ESRGAN upscalers",
    unit: "px",
    description: "Larger tiles take more memory; 0 enlarges the picture whole",
  }),
  ESRGAN_tile_overlap: setting(z.number().int().min(0).max(48).default(8), {
    title: "Tile overlap for ESRGAN upscalers",
    unit: "px",
    description: "Over which a tile fades into the next; too little shows seams",
  }),
});
