/** @file Reads a sampler's name as A1111 does: older texts join the schedule's name to it ("DPM++ 2M Karras"). */
import { isSamplerName, type SamplerName } from "./samplers.ts";
import { schedulesAtEnd, type ScheduleType } from "./schedule-types.ts";

/** The names in a text; `samplerName` is undefined if no sampler has that name, `scheduleType` if no schedule is joined to it. */
export interface SamplerReading {
  readonly samplerName: SamplerName | undefined;
  readonly scheduleType: ScheduleType | undefined;
}

/**
 * If several schedules' names end a text, takes the schedule that leaves a sampler's name: "DPM++ 2M SGM Uniform" ends in "Uniform" too.
 * A1111 takes the first schedule, and then does not find the sampler.
 */
export function readSamplerName(text: string): SamplerReading {
  if (isSamplerName(text)) return { samplerName: text, scheduleType: undefined };
  const endings = schedulesAtEnd(text);
  const ending = endings.find(({ rest }) => isSamplerName(rest)) ?? endings[0];
  if (ending === undefined) return { samplerName: undefined, scheduleType: undefined };
  const { rest, scheduleType } = ending;
  return { samplerName: isSamplerName(rest) ? rest : undefined, scheduleType };
}
