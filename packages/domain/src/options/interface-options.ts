/** @file A1111's settings section "User interface": options that only the page uses. */
import { z } from "zod";
import { setting } from "../settings/setting.ts";

export const InterfaceOptionsSchema = z.object({
  show_progress_in_title: setting(z.boolean().default(true), { title: "Show generation progress in window title" }),
  keyedit_precision_attention: setting(z.number().min(0.01).max(0.2).default(0.1), {
    title: "Precision for (attention:1.1) when editing the prompt with Ctrl+up/down",
  }),
  disable_token_counters: setting(z.boolean().default(false), { title: "Disable prompt token counters" }),
});
