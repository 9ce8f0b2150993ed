/** @file A1111's settings section "Live previews". Lexeme's previews cost next to nothing, so they come more often by default. */
import { z } from "zod";
import { setting } from "../settings/setting.ts";

export const LivePreviewOptionsSchema = z.object({
  live_previews_enable: setting(z.boolean().default(true), { title: "Show live previews of the created image" }),
  show_progress_every_n_steps: setting(z.number().int().min(-1).max(32).default(1), {
    title: "Live preview display period",
    unit: "sampling steps",
    description: "Steps from one preview to the next; -1 shows only finished pictures",
    a1111Default: 10,
  }),
  live_preview_refresh_period: setting(z.number().int().min(200).max(60_000).default(200), {
    title: "Progressbar and preview update period",
    unit: "ms",
    description: "At least this long between two previews",
    a1111Default: 1000,
  }),
});
