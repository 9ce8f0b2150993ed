/** @file The field of txt2img for pictures that can be laid side by side. */
import { z } from "zod";
import { setting } from "./setting.ts";

export const TILING_FIELD = setting(z.boolean().default(false), {
  title: "Tiling",
  description: "Draws a picture whose opposite edges fit together, so that copies of it cover a surface without seams",
  infotext: ["Tiling"],
  option: "tiling",
});
