/** @file The small chart under the learning rate: a schedule's rates over the steps, log axis, as an SVG path. Knows no grammar. */

/** One piece of a schedule: `rate` for the steps `from` (inclusive) to `to` (exclusive). */
export interface RatePiece {
  rate: number;
  from: number;
  to: number;
}

export interface ScheduleOutline {
  /** Path of the line in a box of `width` by `height`. */
  path: string;
  /** The same closed down to the bottom, for a quiet fill. */
  area: string;
  /** One mark a power of ten, from the top. */
  decades: { y: number; label: string }[];
  /** The pieces' first steps and the end, left to right. */
  marks: { x: number; step: number }[];
}

/** What is kept free above and below the line, as a share of the height, so that a constant rate stands in the middle. */
const MARGIN = 0.12;

/** The outline of `pieces` in a box; null when nothing of it can be drawn on a log axis. */
export function scheduleOutline(
  pieces: readonly RatePiece[],
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
    decades: decadesBetween(low, high).map((log) => ({ y: y(log), label: decadeLabel(log) })),
    marks: [...drawn.map((piece) => piece.from), last.to].map((step) => ({ x: x(step), step })),
  };
}

/** A rate as one would type it: 0.005, 5e-6. */
export function rateText(rate: number): string {
  if (rate === 0 || !Number.isFinite(rate)) return String(rate);
  return Math.abs(rate) >= 0.001 ? String(Number(rate.toPrecision(6))) : rate.toExponential().replace("e+", "e");
}

function decadesBetween(low: number, high: number): number[] {
  const from = Math.ceil(low - 1e-9);
  const to = Math.floor(high + 1e-9);
  const every = Math.max(1, Math.ceil((to - from + 1) / 4));
  const decades: number[] = [];
  for (let log = to; log >= from; log -= every) decades.push(log);
  return decades;
}

function decadeLabel(log: number): string {
  return rateText(Number(`1e${log}`));
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
