/** @file Padding of a feature map with its own opposite edges (torch: `padding_mode="circular"`), for pictures whose edges fit together. */
import { concat, slice, type Value } from "@lexeme/onnx";

/** [top, left, bottom, right], in rows and columns. */
export type Padding = readonly [number, number, number, number];

/** x [B, C, H, W] to [B, C, top + H + bottom, left + W + right]; no side may be longer than the map. */
export function wrapAround(x: Value, [top, left, bottom, right]: Padding): Value {
  return wrapAxis(wrapAxis(x, { axis: 2, before: top, after: bottom }), { axis: 3, before: left, after: right });
}

function wrapAxis(x: Value, { axis, before, after }: { axis: number; before: number; after: number }): Value {
  const length = x.shape[axis] ?? 0;
  const parts = [
    ...(before > 0 ? [slice(x, { axis, start: length - before, end: length })] : []),
    x,
    ...(after > 0 ? [slice(x, { axis, start: 0, end: after })] : []),
  ];
  return parts.length === 1 ? x : concat(parts, axis);
}
