/** @file From a typed txt2img prompt to the texts encoded at each step: comments, `<name:args>` tags, AND, editing. Training captions are not prepared. */
import { splitPromptParts } from "./prompt-parts.ts";
import { promptSchedule, type PromptScheduleOptions, type PromptSegmentInTime } from "./prompt-schedule.ts";

/** A part of a prompt over the steps, with the weight of its guidance. */
export interface ScheduledPart {
  weight: number;
  segments: PromptSegmentInTime[];
}

export interface PreparedPrompt {
  /** The prompt as infotext shows it: without comments, with `<name:args>`. */
  shown: string;
  /** At least one; a negative prompt has exactly one. */
  parts: ScheduledPart[];
}

export interface PreparationOptions extends PromptScheduleOptions {
  /** Only in a positive prompt A1111 reads `<name:args>` and AND. */
  role: "positive" | "negative";
  /** Steps of the schedule: twice the sampling steps for samplers of second order. */
  steps: number;
  /** Whether `#` begins a comment; true by default. */
  comments?: boolean;
}

/** Reads comments, tags, AND and editing, in A1111's order. Never throws. */
export function preparePrompt(
  prompt: string,
  { role, steps, comments = true, ...options }: PreparationOptions,
): PreparedPrompt {
  const shown = comments ? stripPromptComments(prompt) : prompt;
  const parts = role === "positive" ? splitPromptParts(removeExtraNetworks(shown)) : [{ text: shown, weight: 1 }];
  return {
    shown,
    parts: parts.map(({ text, weight }) => ({ weight, segments: promptSchedule(text, steps, options) })),
  };
}

/** `#` to the end of the line becomes a newline (setting `enable_prompt_comments`, on by default), and a line that is only a comment leaves no line, as in A1111. */
export function stripPromptComments(prompt: string): string {
  return prompt.replace(COMMENT_LINE, "\n").replace(COMMENT, "\n");
}

/** The ranges of comments, including the newline that ends each comment. */
export function findPromptComments(prompt: string): { start: number; end: number }[] {
  return [...prompt.matchAll(COMMENT)].map(({ 0: comment, index }) => ({ start: index, end: index + comment.length }));
}

const COMMENT_LINE = /(?:^|\n)#[^\n]*(?:\n|$)/gu;
const COMMENT = /#[^\n]*(?:\n|$)/gu;

/** Removes tags such as `<lora:name:1>`. A1111 reads them only in the positive prompt; in a negative prompt they stay as text. */
export function removeExtraNetworks(prompt: string): string {
  const end = prompt.lastIndexOf(">") + 1;
  return prompt.slice(0, end).replace(EXTRA_NETWORK, "") + prompt.slice(end);
}

/** The ranges of tags such as `<lora:name:1>`, with their kind and name. */
export function findExtraNetworks(prompt: string): { position: number; end: number; kind: string; name: string }[] {
  const end = prompt.lastIndexOf(">") + 1;
  return [...prompt.slice(0, end).matchAll(EXTRA_NETWORK)].map((match) => {
    const [tag, kind = "", args = ""] = match;
    return { position: match.index, end: match.index + tag.length, kind, name: args.split(":")[0]! };
  });
}

/** Matched only up to the last `>`, because after it the pattern would read to the end of the prompt for every `<`. */
const EXTRA_NETWORK = /<([\p{L}\p{N}_]+):([^>]+)>/gu;
