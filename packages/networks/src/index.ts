export { type CheckpointTensor, type CheckpointWeights } from "./checkpoint-weights.ts";
export { ParamScope, type ParameterOptions } from "./param-scope.ts";
export { attention, type AttentionKind, type AttentionOptions } from "./attention.ts";
export { clipText, type ClipTextInputs, type ClipTextOptions } from "./clip-text.ts";
export { applyEmphasis } from "./emphasis.ts";
export { CHUNK_TOKENS, textConditioning, type TextConditioningInputs } from "./text-conditioning.ts";
export { unet2dCondition, type UNetInputs } from "./unet-2d-condition.ts";
export { decodeLatents, encodePictures, LATENT_SCALE } from "./autoencoder-kl.ts";
export {
  buildTextEncoder,
  buildUNet,
  buildVaeDecoder,
  buildVaeEncoder,
  inferSizes,
  LDM_PREFIX,
  type BuildOptions,
  type LatentSize,
  type ModelSizes,
  type TextEncoderSize,
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
export {
  buildTextualInversion,
  textualInversionLoss,
  type TextualInversionInputs,
  type TextualInversionSize,
} from "./textual-inversion.ts";
