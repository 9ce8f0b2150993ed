/** @file How prompts are read: fields of txt2img that options stand for. */
import { z } from "zod";
import { setting } from "./setting.ts";

/** How weights in prompts act, as A1111's setting `emphasis` names it. */
export const EMPHASIS_MODES = ["Original", "No norm", "Ignore", "None"] as const;
export type EmphasisMode = (typeof EMPHASIS_MODES)[number];

const CLIP_SKIP = z.number().int().min(1).max(12).default(1);

/** Of a drawing and of a training, which says in its own words what it means there. */
export const clipSkipField = (description: string) =>
  setting(CLIP_SKIP, {
    title: "Clip skip",
    description,
    infotext: ["Clip skip"],
    option: "CLIP_stop_at_last_layers",
  });

export const PROMPT_READING_FIELDS = {
  clipSkip: clipSkipField("1 takes the text encoder's last layer, 2 the one before"),
  emphasis: setting(z.enum(EMPHASIS_MODES).default("Original"), {
    title: "Emphasis mode",
    description:
      "What (more) and [less] in a prompt do. Original weighs and restores the mean, No norm weighs only, Ignore reads the brackets without effect, None takes them as text",
    infotext: ["Emphasis"],
    option: "emphasis",
  }),
  commaPaddingBacktrack: setting(z.number().int().min(0).max(74).default(20), {
    title: "Prompt word wrap length limit",
    unit: "tokens",
    description:
      "Where 75 tokens are full, a part behind the last comma that is no longer than this moves into the next 75 whole",
    option: "comma_padding_backtrack",
  }),
};
