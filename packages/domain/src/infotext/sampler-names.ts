/** @file Reads a sampler and its schedule from the names in an infotext. */
import { AUTOMATIC_SCHEDULE, readSamplerName, readScheduleType } from "@lexeme/schedulers/catalogue";

/** Older texts join the two: "DPM++ 2M Karras". An unknown name stays whole. */
export function readSampler(
  sampler: string | undefined,
  schedule: string | undefined,
): { samplerName?: string; scheduler?: string } {
  if (sampler === undefined) return {};
  const { samplerName, scheduleType } = readSamplerName(sampler);
  if (samplerName === undefined) return { samplerName: sampler, scheduler: readSchedule(schedule) };
  return { samplerName, scheduler: scheduleType ?? readSchedule(schedule) };
}

function readSchedule(schedule: string | undefined): string {
  return schedule === undefined ? AUTOMATIC_SCHEDULE : (readScheduleType(schedule) ?? schedule);
}
