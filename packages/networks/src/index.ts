export { type CheckpointWeights } from "./checkpoint-weights.ts";
export { type AttentionKind } from "./attention.ts";
export { CHUNK_TOKENS } from "./text-conditioning.ts";
export { LATENT_SCALE } from "./autoencoder-kl.ts";
export {
  buildTextEncoder,
  buildUNet,
  buildVaeDecoder,
  buildVaeEncoder,
  inferSizes,
  LDM_PREFIX,
  type LatentSize,
  type ModelSizes,
} from "./build-graphs.ts";
export { buildUpscaler, type UpscalerNetwork } from "./upscaler.ts";
export { VAE_NORM_EPSILON } from "./vae-resnet.ts";
export {
  BAND_HALO,
  buildBandStage,
  buildDecoderStart,
  buildEncoderEnd,
  decoderBandStages,
  encoderBandStages,
  type BandStage,
} from "./vae-stages.ts";
export { buildTextualInversion, type TextualInversionSize } from "./textual-inversion.ts";
