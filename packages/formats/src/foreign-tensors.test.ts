/** @file Files of tensors that are no embeddings are recognised by their keys, and keys that can be words are not. */
import { describe, expect, it } from "vitest";
import { foreignTensors } from "./foreign-tensors.ts";

describe("foreignTensors", () => {
  it.each([
    ["a LoRA", "lora_unet_down_blocks_0_attentions_0_proj_in.lora_down.weight"],
    ["a LoRA", "lora_te_text_model_encoder_layers_0_mlp_fc1.alpha"],
    ["a LoRA", "unet.down_blocks.0.attentions.0.to_q.lora_A.weight"],
    ["a LoRA", "unet.mid_block.attentions.0.processor.to_k_lora.up.weight"],
    ["a LoRA", "lora_unet_mid_block_attentions_0_proj_in.hada_w1_a"],
    ["a ControlNet", "control_model.input_blocks.0.0.weight"],
    ["a ControlNet", "controlnet_cond_embedding.conv_in.weight"],
    ["a VAE", "first_stage_model.encoder.conv_in.weight"],
    ["a VAE", "decoder.up_blocks.0.resnets.0.conv1.weight"],
    ["a VAE", "post_quant_conv.bias"],
    ["a checkpoint", "model.diffusion_model.input_blocks.0.0.weight"],
    ["an upscaler", "model.1.sub.0.RDB1.conv1.0.weight"],
    ["an upscaler", "body.0.rdb1.conv1.weight"],
    ["a hypernetwork", "[768]"],
    ["a hypernetwork", "layer_structure"],
    ["a text encoder", "text_model.embeddings.token_embedding.weight"],
    ["a UNet", "down_blocks.0.attentions.0.norm.weight"],
  ])("%s has keys like %s", (what, key) => {
    expect(foreignTensors(["other", key])).toContain(`it is ${what}, `);
  });

  it("a network that is not known by name is recognised by the ends of its keys", () => {
    expect(foreignTensors(["layers.0.weight", "layers.0.bias"])).toContain("2 tensors of a network");
  });

  it.each([
    [["<cat>", "<cat>_1"]],
    [["emb_params"]],
    [["clip_l", "clip_g"]],
    [["lora style", "vae", "768", "decoder", "body"]],
    [["string_to_token", "string_to_param", "name", "step", "sd_checkpoint", "sd_checkpoint_name"]],
    [["v1.weight"]],
  ])("%j can be the keys of embeddings", (keys) => {
    expect(foreignTensors(keys)).toBeUndefined();
  });
});
