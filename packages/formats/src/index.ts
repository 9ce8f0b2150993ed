export { bytesAccess, type RandomAccess } from "./random-access.ts";
export {
  parseSafetensorsHeader,
  readSafetensorsHeader,
  SAFETENSORS_DTYPE_BYTES,
  type SafetensorsDType,
  type SafetensorsHeader,
  type TensorLocation,
} from "./safetensors.ts";
export { safetensorsFloats } from "./safetensors-floats.ts";
export {
  inspectCheckpoint,
  requireSupported,
  TOKEN_EMBEDDING_KEY,
  type CheckpointInspection,
  type CheckpointPrecision,
  type PredictionType,
} from "./checkpoint.ts";
export { networkSizes, type NetworkSizes } from "./network-sizes.ts";
export { type CheckpointSource, type CheckpointTensorLocation } from "./checkpoint-source.ts";
export { VAE_PREFIX } from "./vae.ts";
export { checkpointFamily, type FamilyVerdict } from "./checkpoint-family.ts";
export { embeddingShortHash } from "./embedding-hash.ts";
export {
  PARAMETERS_KEYWORD,
  readPngParameters,
  readPngTexts,
  withoutPngTexts,
  writePngText,
  type PngText,
} from "./png-text.ts";
export {
  readEmbeddingWords,
  readTextualInversion,
  type EmbeddingWord,
  type TextualInversion,
} from "./textual-inversion.ts";
export { embeddingToJson } from "./embedding-json.ts";
export { pictureBetweenBlocks, type RgbPicture } from "./embedding-pixels.ts";
export { hideEmbedding, readEmbeddingPicture, writeEmbeddingText } from "./embedding-picture.ts";
export {
  isCall,
  isTorchTensor,
  type PickleCall,
  type PickleValue,
  type TorchStorage,
  type TorchTensor,
} from "./torch/pickle-value.ts";
export { readTorchFile, type TorchFile } from "./torch/torch-file.ts";
export {
  writeTextualInversionPt,
  writeTextualInversionSafetensors,
  type TextualInversionToWrite,
} from "./write-textual-inversion.ts";
export { readExifUserComment } from "./exif-user-comment.ts";
export { fitsJpegExif, writeJpegInfotext, writeWebpInfotext } from "./picture-exif.ts";
