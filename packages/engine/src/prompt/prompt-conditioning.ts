/** @file Conditionings over time: which one each call of the UNet reads, and parts that guide together. */
import { segmentAtCall } from "@lexeme/tokenizer";
import type { Conditioning } from "../checkpoint/diffusion-model.ts";

/** One text over time. All of its conditionings are equally long. */
export type ScheduledConditioning = readonly { readonly endAtStep: number; readonly conditioning: Conditioning }[];

/** A positive prompt: the parts that AND makes, each with its weight. */
export type PromptConditioning = readonly { readonly weight: number; readonly segments: ScheduledConditioning }[];

/** A text that stays the same. */
export function constantConditioning(conditioning: Conditioning): ScheduledConditioning {
  return [{ endAtStep: Number.POSITIVE_INFINITY, conditioning }];
}

/** What the call reads, calls counted from 0. */
export function conditioningAt(segments: ScheduledConditioning, call: number): Conditioning {
  return segments[segmentAtCall(segments, call)]!.conditioning;
}

/** The parts at one call, the shorter ones as long as the longest by repeating their last row, as A1111 does. */
export function partsAt(prompt: PromptConditioning, call: number): { weight: number; conditioning: Conditioning }[] {
  const parts = prompt.map(({ weight, segments }) => ({ weight, conditioning: conditioningAt(segments, call) }));
  const longest = Math.max(...parts.map(({ conditioning }) => conditioning.tokens));
  return parts.map(({ weight, conditioning }) => ({ weight, conditioning: lengthened(conditioning, longest) }));
}

function lengthened(conditioning: Conditioning, tokens: number): Conditioning {
  if (conditioning.tokens === tokens) return conditioning;
  const width = conditioning.data.length / conditioning.tokens;
  const data = new Float32Array(tokens * width);
  data.set(conditioning.data);
  const last = conditioning.data.subarray(-width);
  for (let row = conditioning.tokens; row < tokens; row++) data.set(last, row * width);
  return { tokens, data };
}
