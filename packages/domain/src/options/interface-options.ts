/** @file A1111's settings section "User interface": what the page reads. */
import { z } from "zod";

export const InterfaceOptionsSchema = z.object({
  show_progress_in_title: z.boolean().default(true).meta({ title: "Show generation progress in window title" }),
  keyedit_precision_attention: z.number().min(0.01).max(0.2).default(0.1).meta({
    title: "Precision for (attention:1.1) when editing the prompt with Ctrl+up/down",
  }),
  disable_token_counters: z.boolean().default(false).meta({ title: "Disable prompt token counters" }),
});
