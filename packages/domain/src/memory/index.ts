export {
  BASE_BYTES,
  NetworkSizesSchema,
  bandedDecoderBytes,
  bandedEncoderBytes,
  decoderBytes,
  encoderBytes,
  textEncoderBytes,
  trainingBytes,
  unetBytes,
  type NetworkSizes,
  type SessionBytes,
  type WorkSize,
} from "./network-memory.ts";
export { decodesInBands, encodesInBands, planUnet, usableBytes, type UnetPlan } from "./memory-plan.ts";
export { trainingMemory, txt2imgMemory, type MemoryForecast } from "./job-memory.ts";
export {
  drawingSessions,
  measuresInTraining,
  playSessions,
  trainingSessions,
  type SessionEvent,
  type SessionUse,
} from "./job-sessions.ts";
export { keptBytes, OpenSessions } from "./open-sessions.ts";
export { gigabytes, trainingMemoryProblem, txt2imgMemoryProblem, type MemoryProblem } from "./memory-problem.ts";
