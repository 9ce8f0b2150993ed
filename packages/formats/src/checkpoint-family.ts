/** @file Recognizes the kind of a model file by its keys and shapes, and gives the reason if it cannot be used. */
import type { CheckpointFamily } from "@lexeme/core";
import type { TensorLocation } from "./safetensors.ts";

export interface FamilyVerdict {
  readonly family: CheckpointFamily;
  /** A clause with the reason why the file cannot be used as a checkpoint; undefined if it can. */
  readonly refusal: string | undefined;
}

type Tensors = ReadonlyMap<string, Pick<TensorLocation, "shape">>;

const UNET = "model.diffusion_model.";
const TEXT = "cond_stage_model.transformer.text_model.";
const TOKEN_TABLE = `${TEXT}embeddings.token_embedding.weight`;
/** SD 1.x's UNet takes a latent of 4 channels; inpainting adds a mask and a masked latent (9), InstructPix2Pix a latent (8). */
const LATENT_CHANNELS = 4;
/** The first weights of each network; if one of them is missing, a part of the file is missing. */
const PARTS = [
  { name: "the text encoder", key: TOKEN_TABLE },
  { name: "the UNet", key: `${UNET}input_blocks.0.0.weight` },
  { name: "the VAE encoder", key: "first_stage_model.encoder.conv_in.weight" },
  { name: "the VAE decoder", key: "first_stage_model.decoder.conv_in.weight" },
] as const;

/**
 * Decides by the keys with their present names (see `inspectCheckpoint`). `isOpenClip` is true if the text encoder had OpenCLIP's keys. More
 * special families are tested first.
 */
export function checkpointFamily(tensors: Tensors, isOpenClip = false): FamilyVerdict {
  const keys = [...tensors.keys()];
  const any = (test: (key: string) => boolean): boolean => keys.some(test);
  if (any((key) => /^lora_(unet|te)|\.lora_(up|down|A|B)\.|\.(lora_[AB]|hada_w1_a|lokr_w1)$/.test(key))) {
    return refuse("lora", "it is a LoRA, an addition to a checkpoint, not a checkpoint");
  }
  if (isEmbedding(tensors)) return refuse("embedding", "it is an embedding: it belongs in the embeddings folder");
  if (any((key) => key.includes("joint_blocks.0."))) return refuse("sd3", "it is a Stable Diffusion 3 checkpoint");
  if (any((key) => key.includes("double_blocks.0."))) return refuse("flux", "it is a Flux checkpoint");
  if (any((key) => key.startsWith("control_model."))) {
    return refuse("controlnet", "it is a ControlNet, an addition to a checkpoint, not a checkpoint");
  }
  if (any((key) => key.startsWith("conditioner.embedders.") || key.startsWith(`${UNET}label_emb.`))) {
    return refuse("sdxl", "it is a Stable Diffusion XL checkpoint");
  }
  return (any((key) => key.startsWith(UNET)) ? withUNet(tensors, isOpenClip) : undefined) ?? withoutUNet(any);
}

function withUNet(tensors: Tensors, isOpenClip: boolean): FamilyVerdict {
  const contextWidth = [...tensors].find(([key]) => key.endsWith(".attn2.to_k.weight"))?.[1].shape[1];
  // SD 2 uses OpenCLIP, whose width is 1024.
  const isSd2 = isOpenClip || contextWidth === 1024;
  const name = `Stable Diffusion ${isSd2 ? 2 : 1}`;
  const channels = tensors.get(`${UNET}input_blocks.0.0.weight`)?.shape[1];
  if (channels !== undefined && channels !== LATENT_CHANNELS) {
    const use = { 5: "pictures with depth", 8: "editing" }[channels] ?? "inpainting";
    return refuse(
      "inpainting",
      `it is a ${name} checkpoint for ${use}: its UNet takes ${channels} channels, not ${LATENT_CHANNELS}`,
    );
  }
  const missing = PARTS.filter(({ key }) => !tensors.has(key)).map((part) => part.name);
  const family = isSd2 ? "sd2" : "sd1";
  if (missing.length > 0) return refuse(family, `it is a ${name} checkpoint without ${missing.join(" and ")}`);
  const textWidth = tensors.get(TOKEN_TABLE)?.shape[1];
  if (contextWidth !== undefined && contextWidth !== textWidth) {
    return refuse("unknown", `its text encoder is ${textWidth} wide but its UNet expects ${contextWidth}`);
  }
  return { family, refusal: undefined };
}

function withoutUNet(any: (test: (key: string) => boolean) => boolean): FamilyVerdict {
  if (any((key) => /^(first_stage_model\.)?(encoder|decoder)\.(mid|down|up)\./.test(key))) {
    return refuse("vae", "it is a VAE on its own, without UNet and text encoder");
  }
  if (any((key) => /^((encoder|decoder)\.)?(down_blocks|up_blocks|mid_block)\.|^text_model\./.test(key))) {
    return refuse("diffusers-part", "it is one part of a diffusers folder, not a single-file checkpoint");
  }
  return refuse("unknown", "it holds none of the keys of a Stable Diffusion checkpoint");
}

/** A1111's own key, a single table of vectors as diffusers writes it, or SDXL's two tables. */
function isEmbedding(tensors: Tensors): boolean {
  if (tensors.has("emb_params") || (tensors.has("clip_l") && tensors.has("clip_g"))) return true;
  const only = tensors.size === 1 ? [...tensors.values()][0] : undefined;
  return only !== undefined && only.shape.length <= 2;
}

function refuse(family: CheckpointFamily, refusal: string): FamilyVerdict {
  return { family, refusal };
}
