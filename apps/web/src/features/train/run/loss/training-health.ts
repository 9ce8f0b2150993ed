/** @file Whether a training learns, in words, from its loss at fixed noise: the only loss of a run whose values can be compared with each other. */
import { asSentence, formatCount } from "../../../../ui/text/format.ts";

export interface FixedLossChange {
  /** The first loss that was measured, before the first step as a rule. */
  start: number;
  /** The step at which `start` was measured. */
  startStep: number;
  now: number;
  /** The step at which `now` was measured. */
  step: number;
}

export interface TrainingHealth {
  tone: "good" | "neutral" | "bad";
  /** "Learning: 12 % better than at the start" */
  sentence: string;
}

/** Below this relative change two losses count as equal: noise in float32 is far below, and nobody sees a difference in the pictures. */
const NOTICEABLE = 0.005;

export function trainingHealth(changed: FixedLossChange): TrainingHealth {
  const { start, startStep, now, step } = changed;
  if (!Number.isFinite(now)) {
    return {
      tone: "bad",
      sentence: "The loss is no longer a number: stop, and start again with a lower learning rate",
    };
  }
  const change = changeText(changed);
  const gain = gainOf({ start, now });
  if (gain > NOTICEABLE) return { tone: "good", sentence: `Learning: ${change}` };
  if (gain < -NOTICEABLE) {
    return { tone: "bad", sentence: `Getting worse, ${change} at step ${formatCount(step)}: lower the learning rate` };
  }
  return { tone: "neutral", sentence: step === startStep ? "Nothing learned yet" : `Not learning yet: ${change}` };
}

/** What a training that has ended has learned. */
export function endedHealth(change: FixedLossChange): TrainingHealth {
  const { tone } = trainingHealth(change);
  if (change.step === change.startStep) return { tone, sentence: "The loss at fixed noise was measured once" };
  const sentence = Number.isFinite(change.now) ? asSentence(changeText(change)) : "The loss was no number at the end";
  return { tone, sentence };
}

/** "12 % better than at the start" */
export function changeText({ start, startStep, now }: Omit<FixedLossChange, "step">): string {
  const gain = gainOf({ start, now });
  const then = momentText(startStep);
  if (Math.abs(gain) <= NOTICEABLE) return `as good as ${then}`;
  const percent = Math.abs(gain) * 100;
  return `${percent.toFixed(percent < 10 ? 1 : 0)} % ${gain > 0 ? "better" : "worse"} than ${then}`;
}

/** The losses behind the sentence, for whoever asks. */
export function figuresText({ start, startStep, now, step }: FixedLossChange): string {
  const after = step === startStep ? "" : `, ${threeDigits(now)} at step ${formatCount(step)}`;
  return `Loss at fixed noise: ${threeDigits(start)} ${momentText(startStep)}${after}. Each time it is the mean over the same pictures with the same noise, so its values can be compared; lower is better.`;
}

function momentText(step: number): string {
  return step === 0 ? "at the start" : `at step ${formatCount(step)}`;
}

/** The part of the first loss that is gone. */
function gainOf({ start, now }: Pick<FixedLossChange, "start" | "now">): number {
  return start === 0 ? 0 : (start - now) / start;
}

function threeDigits(loss: number): string {
  return loss.toPrecision(3);
}
