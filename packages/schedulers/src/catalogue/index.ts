export { readSamplerName } from "./sampler-reading.ts";
export {
  DEFAULT_SAMPLER,
  SAMPLER_NAMES,
  SAMPLERS,
  defaultEta,
  goesBySigmas,
  infotextScheduleType,
  isSamplerName,
  samplersReading,
  type SamplerInput,
  type SamplerName,
  type SamplerOfKind,
} from "./samplers.ts";
export {
  AUTOMATIC_SCHEDULE,
  SCHEDULE_TYPES,
  SCHEDULES,
  readScheduleType,
  type NamedSchedule,
  type ScheduleType,
} from "./schedule-types.ts";
