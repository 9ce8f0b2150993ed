/** @file A1111's settings section "Training". */
import { z } from "zod";
import { setting } from "../settings/setting.ts";

export const TrainingOptionsSchema = z.object({
  save_optimizer_state: setting(z.boolean().default(true), {
    title: "Save optimizer state beside the copies",
    description: "A training then continues from a copy as if it had never ended",
    a1111Default: false,
  }),
  save_training_settings_to_txt: setting(z.boolean().default(true), {
    title: "Save textual inversion settings to a text file whenever training starts",
  }),
  dataset_filename_word_regex: setting(
    z
      .string()
      .max(1000)
      .default("")
      .refine(
        isRegex,
        "JavaScript cannot read this regular expression: check its brackets, and leave out Python's (?P<name>…) and (?i)",
      ),
    {
      title: "Filename word regex",
      description: "Finds a picture's caption in its file name if it has no .txt file; empty takes the whole name",
    },
  ),
  dataset_filename_join_string: setting(z.string().max(100).default(" "), {
    title: "Filename join string",
    description: "The text between the words that the expression above finds",
  }),
  training_image_repeats_per_epoch: setting(z.number().int().min(1).max(10_000).default(1), {
    title: "Number of repeats for a single input image per epoch",
    description: "Changes only the epoch numbers that are shown and written",
  }),
  training_write_csv_every: setting(z.number().int().min(0).default(1), {
    title: "Save a csv containing the loss to log directory every N steps, 0 to disable",
    a1111Default: 500,
  }),
});

function isRegex(source: string): boolean {
  try {
    RegExp(source, "gu");
    return true;
  } catch {
    return false;
  }
}
