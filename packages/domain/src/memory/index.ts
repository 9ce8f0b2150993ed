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
export {
  decodesInBands,
  encodesInBands,
  keptBytes,
  planUnet,
  usableBytes,
  type MemoryForecast,
  type UnetPlan,
} from "./memory-plan.ts";
export { trainingMemory, txt2imgMemory } from "./job-memory.ts";
export { gigabytes, trainingMemoryProblem, txt2imgMemoryProblem, type MemoryProblem } from "./memory-problem.ts";
