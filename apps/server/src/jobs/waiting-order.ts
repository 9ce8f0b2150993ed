/** @file The order of waiting jobs as numbers: a job that is moved gets a number between those of its new neighbours, so that only its row changes. */
import type { StoredJob } from "./store/job-row.ts";

type Placed = Pick<StoredJob, "id" | "position">;

/** Compares jobs for a sort: the job that comes first has the smaller position. Jobs of earlier versions all have 0 and keep their order. */
export function byPosition(a: Placed, b: Placed): number {
  return a.position - b.position;
}

/**
 * The changed positions that put the job with `id` before the job with `before`, or after all others if it is null. `waiting` is the present
 * order. If `before` does not wait any more, the job becomes the first. One position in most cases; all of them when no number is left
 * between two neighbours.
 */
export function positionsAfterMove(
  waiting: readonly Placed[],
  { id, before }: { id: string; before: string | null },
): { id: string; position: number }[] {
  const others = waiting.filter((one) => one.id !== id);
  const at =
    before === null
      ? others.length
      : Math.max(
          0,
          others.findIndex((one) => one.id === before),
        );
  const [previous, next] = [others[at - 1], others[at]];
  if (previous === undefined && next === undefined) return [];
  if (previous === undefined) return [{ id, position: next!.position - 1 }];
  if (next === undefined) return [{ id, position: previous.position + 1 }];
  const middle = (previous.position + next.position) / 2;
  if (middle > previous.position && middle < next.position) return [{ id, position: middle }];
  const first = others[0]!.position;
  const order = [...others.slice(0, at).map((one) => one.id), id, ...others.slice(at).map((one) => one.id)];
  return order.map((one, place) => ({ id: one, position: first + place }));
}
