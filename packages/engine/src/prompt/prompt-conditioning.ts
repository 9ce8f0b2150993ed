/** @file Conditionings over time: the conditioning for each call of the UNet, and prompts of several parts that guide together. */
import { segmentAtCall } from "@lexeme/tokenizer";
import type { Conditioning } from "../checkpoint/diffusion-model.ts";

/** One text over time. All its conditionings are equally long. */
export type ScheduledConditioning = readonly { readonly endAtStep: number; readonly conditioning: Conditioning }[];

/** A positive prompt: the parts that AND separates, each with its weight. */
export type PromptConditioning = readonly { readonly weight: number; readonly segments: ScheduledConditioning }[];

/** A text that does not change over time. */
export function constantConditioning(conditioning: Conditioning): ScheduledConditioning {
  return [{ endAtStep: Number.POSITIVE_INFINITY, conditioning }];
}

/** The conditioning for a call; calls count from 0. */
export function conditioningAt(segments: ScheduledConditioning, call: number): Conditioning {
  return segments[segmentAtCall(segments, call)]!.conditioning;
}

/** The parts at one call. Shorter parts repeat their last row up to the length of the longest, as in A1111. */
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
