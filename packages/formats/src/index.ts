export { bytesAccess } from "./random-access.ts";
export { readSafetensorsHeader } from "./safetensors.ts";
export { safetensorsFloats } from "./safetensors-floats.ts";
export { requireSupported, TOKEN_EMBEDDING_KEY, type PredictionType } from "./checkpoint.ts";
export { networkSizes } from "./network-sizes.ts";
export { VAE_PREFIX } from "./vae.ts";
export { embeddingShortHash } from "./embedding-hash.ts";
export {
  findPngParameters,
  isPng,
  PARAMETERS_KEYWORD,
  readPngParameters,
  readPngTexts,
  withoutPngTexts,
  writePngText,
} from "./png-text.ts";
export {
  readEmbeddingWords,
  readTextualInversion,
  type EmbeddingWord,
  type TextualInversion,
} from "./textual-inversion.ts";
export { type RgbPicture } from "./embedding-pixels.ts";
export { readEmbeddingPicture } from "./embedding-picture.ts";
export {
  writeTextualInversionPt,
  writeTextualInversionSafetensors,
  type TextualInversionToWrite,
} from "./write-textual-inversion.ts";
export { readExifUserComment } from "./exif-user-comment.ts";
export { readGifComment, readJpegComment } from "./picture-comment.ts";
export { fitsJpegExif, writeJpegInfotext, writeWebpInfotext } from "./picture-exif.ts";
