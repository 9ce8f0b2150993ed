/** @file Help texts about a setting from the catalogue of samplers and schedules. */
import { SCHEDULE_TYPES, SCHEDULES, samplersReading, type SamplerInput } from "@lexeme/schedulers/catalogue";

/** "Read by Euler, Heun and DPM2". */
export function readBy(input: SamplerInput): string {
  return `Read by ${listed(samplersReading(input))}`;
}

/** "7 for Karras and 1 for Polyexponential". */
export function ownRhos(): string {
  return listed(
    SCHEDULE_TYPES.flatMap((type) => {
      const { rho } = SCHEDULES[type];
      return rho === undefined ? [] : [`${rho} for ${type}`];
    }),
  );
}

function listed(items: readonly string[]): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}
