/** @file Which samplers a setting acts on, as a sentence for its help. */
import { samplersReading, type SamplerInput } from "@lexeme/schedulers/catalogue";

/** "Read by Euler, Heun and DPM2". */
export function readBy(input: SamplerInput): string {
  const names = samplersReading(input);
  return `Read by ${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
