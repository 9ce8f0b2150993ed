/** @file Whether a training learns, in words, from its loss at fixed noise: the only loss of a run whose values can be compared with each other. */
import type { JobProgress } from "@lexeme/domain/jobs";

export interface TrainingHealth {
  tone: "good" | "neutral" | "bad";
  /** "Learning: fixed-noise loss 0.142 → 0.118" */
  sentence: string;
}

/** Below this relative change two fixed-noise losses count as equal: three digits are shown, and noise in float32 is far below. */
const NOTICEABLE = 0.005;

export function trainingHealth(fixedLoss: NonNullable<JobProgress["fixedLoss"]>): TrainingHealth {
  const { before, now, step } = fixedLoss;
  const figures = `fixed-noise loss ${threeDigits(before)} → ${threeDigits(now)}`;
  if (!Number.isFinite(now)) {
    return {
      tone: "bad",
      sentence: "The loss is no longer a number: stop, and start again with a lower learning rate",
    };
  }
  const fall = (before - now) / before;
  if (fall > NOTICEABLE) return { tone: "good", sentence: `Learning: ${figures}` };
  if (fall < -NOTICEABLE) {
    return {
      tone: "bad",
      sentence: `Getting worse: ${figures} at step ${step.toLocaleString("en")}: lower the learning rate`,
    };
  }
  return {
    tone: "neutral",
    sentence: step === 0 ? `Before learning: fixed-noise loss ${threeDigits(before)}` : `Not learning yet: ${figures}`,
  };
}

function threeDigits(loss: number): string {
  return loss.toPrecision(3);
}
