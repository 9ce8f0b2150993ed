export {
  parseLearningRateSchedule,
  rateAt,
  type LearningRateIssue,
  type LearningRateSchedule,
  type LearningRateSegment,
} from "./learning-rate-schedule.ts";
