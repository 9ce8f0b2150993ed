/** @file The fields of txt2img for reading prompts; each has an option that stands for it. */
import { z } from "zod";
import { setting } from "./setting.ts";

/** The effects of weights in prompts, with the names of A1111's setting `emphasis`. */
export const EMPHASIS_MODES = ["Original", "No norm", "Ignore", "None"] as const;
export type EmphasisMode = (typeof EMPHASIS_MODES)[number];

const CLIP_SKIP = z.number().int().min(1).max(12).default(1);

/** The field of a drawing or a training; each has its own description. */
export const clipSkipField = (description: string) =>
  setting(CLIP_SKIP, {
    title: "Clip skip",
    description,
    infotext: ["Clip skip"],
    option: "CLIP_stop_at_last_layers",
  });

export const PROMPT_READING_FIELDS = {
  clipSkip: clipSkipField("1 takes the text encoder's last layer, 2 the layer before it"),
  emphasis: setting(z.enum(EMPHASIS_MODES).default("Original"), {
    title: "Emphasis mode",
    description:
      "The effect of (more) and [less] in a prompt. Original weighs the words and restores the mean, No norm only weighs the words, Ignore removes the brackets, None takes them as text",
    infotext: ["Emphasis"],
    option: "emphasis",
  }),
  commaPaddingBacktrack: setting(z.number().int().min(0).max(74).default(20), {
    title: "Prompt word wrap length limit",
    unit: "tokens",
    description:
      "If 75 tokens end within a part of the prompt, the whole part after the last comma moves to the next 75, unless it is longer than this",
    option: "comma_padding_backtrack",
  }),
};
