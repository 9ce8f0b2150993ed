export { bytesAccess, type RandomAccess } from "./random-access.ts";
export {
  parseSafetensorsHeader,
  readSafetensorsHeader,
  SAFETENSORS_DTYPE_BYTES,
  type SafetensorsDType,
  type SafetensorsHeader,
  type TensorLocation,
} from "./safetensors.ts";
export {
  inspectCheckpoint,
  requireSupported,
  TOKEN_EMBEDDING_KEY,
  type CheckpointInspection,
  type CheckpointPrecision,
} from "./checkpoint.ts";
export { checkpointFamily, type CheckpointFamily, type FamilyVerdict } from "./checkpoint-family.ts";
