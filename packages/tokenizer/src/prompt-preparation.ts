/** @file From a txt2img prompt as typed to what is encoded when: comments, `<name:args>` tags, AND, editing. Training captions skip this. */
import { splitPromptParts } from "./prompt-parts.ts";
import { promptSchedule, type PromptScheduleOptions, type PromptSegmentInTime } from "./prompt-schedule.ts";

/** A part of a prompt over the steps, and how strongly it guides. */
export interface ScheduledPart {
  weight: number;
  segments: PromptSegmentInTime[];
}

export interface PreparedPrompt {
  /** As infotext shows it: comments taken out, `<name:args>` kept. */
  shown: string;
  /** At least one; a negative prompt has exactly one. */
  parts: ScheduledPart[];
}

export interface PreparationOptions extends PromptScheduleOptions {
  /** A1111 reads `<name:args>` and AND in the positive prompt only. */
  role: "positive" | "negative";
  /** Steps of the schedule; twice the sampling steps for samplers of second order. */
  steps: number;
  /** Whether `#` begins a comment; true when left out. */
  comments?: boolean;
}

/** A1111's order: comments, tags, AND, editing. Never fails. */
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

/** `#` to the end of the line becomes a newline (setting `enable_prompt_comments`, on by default). */
export function stripPromptComments(prompt: string): string {
  return prompt.replace(COMMENT, "\n");
}

/** Where comments stand, the newline that ends each included. */
export function findPromptComments(prompt: string): { start: number; end: number }[] {
  return [...prompt.matchAll(COMMENT)].map(({ 0: comment, index }) => ({ start: index, end: index + comment.length }));
}

const COMMENT = /#[^\n]*(?:\n|$)/gu;

/** Takes out `<lora:name:1>` and the like, which A1111 reads from the positive prompt only; in a negative one they stay as text. */
export function removeExtraNetworks(prompt: string): string {
  const end = prompt.lastIndexOf(">") + 1;
  return prompt.slice(0, end).replace(EXTRA_NETWORK, "") + prompt.slice(end);
}

/** Where tags such as `<lora:name:1>` begin and end, and their kind and name. */
export function findExtraNetworks(prompt: string): { position: number; end: number; kind: string; name: string }[] {
  const end = prompt.lastIndexOf(">") + 1;
  return [...prompt.slice(0, end).matchAll(EXTRA_NETWORK)].map((match) => {
    const [tag, kind = "", args = ""] = match;
    return { position: match.index, end: match.index + tag.length, kind, name: args.split(":")[0]! };
  });
}

/** Looked for up to the last `>` only: behind it every `<` would be followed to the end in vain. */
const EXTRA_NETWORK = /<([\p{L}\p{N}_]+):([^>]+)>/gu;
