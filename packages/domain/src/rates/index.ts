export {
  parseLearningRateSchedule,
  rateAt,
  type LearningRateSchedule,
  type LearningRateSegment,
} from "./learning-rate-schedule.ts";
