/** @file The small chart under the learning rate: a schedule's rates over the steps, log axis, as an SVG path. Knows no grammar. */
import type { LearningRateSegment } from "@lexeme/domain/rates";

export interface ScheduleOutline {
  /** Path of the line in a box of `width` by `height`. */
  path: string;
  /** The same path closed along the bottom, for a pale fill. */
  area: string;
  /** One mark for each power of ten, from the top; for a constant rate, the rate itself. */
  decades: { y: number; label: string }[];
  /** The pieces' first steps and the end, left to right. */
  marks: { x: number; step: number }[];
}

/** The share of the height that stays free above and below the line. */
const MARGIN = 0.12;

/** The outline of `pieces` in a box; null if no piece can be drawn on a log axis. */
export function scheduleOutline(
  pieces: readonly LearningRateSegment[],
  box: { width: number; height: number },
): ScheduleOutline | null {
  const drawn = pieces.filter((piece) => piece.rate > 0 && Number.isFinite(piece.rate) && piece.to > piece.from);
  const first = drawn[0];
  const last = drawn.at(-1);
  if (first === undefined || last === undefined) return null;

  const logs = drawn.map((piece) => Math.log10(piece.rate));
  const low = Math.min(...logs);
  const high = Math.max(...logs);
  const span = high - low;
  const inner = box.height * (1 - 2 * MARGIN);
  const x = (step: number) => round(((step - first.from) / (last.to - first.from)) * box.width);
  const y = (log: number) => round(box.height * MARGIN + (span === 0 ? 0.5 : (high - log) / span) * inner);

  const path = drawn
    .map((piece, i) => {
      const height = y(Math.log10(piece.rate));
      const start = i === 0 ? `M${x(piece.from)} ${height}` : `H${x(piece.from)}V${height}`;
      return `${start}H${x(piece.to)}`;
    })
    .join("");
  return {
    path,
    area: `${path}V${box.height}H0Z`,
    decades: labelled(low, high).map((log) => ({ y: y(log), label: logLabel(log) })),
    marks: [...drawn.map((piece) => piece.from), last.to].map((step) => ({ x: x(step), step })),
  };
}

/** A step number under the drawing, and which of its sides stands at `x`. */
export interface ScheduleMark {
  x: number;
  step: number;
  label: string;
  edge: "start" | "middle" | "end";
}

/** Pixels that a digit takes in the small font under the drawing, and pixels between two numbers. */
const DIGIT_WIDTH = 7;
const MARK_GAP = 6;

/** The marks whose numbers do not touch: the first and the last always, then the others from the left. */
export function readableMarks(marks: ScheduleOutline["marks"]): ScheduleMark[] {
  const readable: ScheduleMark[] = [];
  const last = marks.at(-1);
  if (last === undefined) return readable;
  const width = (step: number) => step.toLocaleString("en").length * DIGIT_WIDTH;
  const lastLeft = last.x - width(last.step) - MARK_GAP;
  let free = -Infinity;
  for (const [i, mark] of marks.entries()) {
    const edge = i === 0 ? "start" : mark === last ? "end" : "middle";
    const left = edge === "start" ? mark.x : mark.x - width(mark.step) / 2;
    const right = left + width(mark.step);
    if (edge === "middle" && (left < free || right > lastLeft)) continue;
    readable.push({ ...mark, label: mark.step.toLocaleString("en"), edge });
    free = right + MARK_GAP;
  }
  return readable;
}

/** A rate as people type it: 0.005, 5e-6. */
export function rateText(rate: number): string {
  if (rate === 0 || !Number.isFinite(rate)) return String(rate);
  return Math.abs(rate) >= 0.001 ? String(Number(rate.toPrecision(6))) : rate.toExponential().replace("e+", "e");
}

/** Powers of ten from `high` down to `low`, at most four; the rate itself if no power of ten lies between. */
function labelled(low: number, high: number): number[] {
  const from = Math.ceil(low - 1e-9);
  const to = Math.floor(high + 1e-9);
  if (to < from) return [high];
  const every = Math.max(1, Math.ceil((to - from + 1) / 4));
  const decades: number[] = [];
  for (let log = to; log >= from; log -= every) decades.push(log);
  return decades;
}

function logLabel(log: number): string {
  return rateText(Number((10 ** log).toPrecision(6)));
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
