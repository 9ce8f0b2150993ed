/** @file The first fault of a form as one sentence, for the line under the start button: the field itself may be folded away or out of sight. */

export interface FaultyForm {
  errors: Record<string, string>;
  field: (name: never) => { label: string };
}

/** "Clipping value: write a rate such as 0.005"; null while nothing is at fault. */
export function firstError({ errors, field }: FaultyForm): string | null {
  const [first] = Object.entries(errors);
  return first === undefined ? null : `${field(first[0] as never).label}: ${first[1]}`;
}
