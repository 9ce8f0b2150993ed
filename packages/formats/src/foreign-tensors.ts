/** @file Recognises files of tensors that are no embeddings, by the names that programs give to their tensors. */

interface Foreign {
  /** With its article, for a sentence. */
  readonly what: string;
  readonly keys: RegExp;
  /** The folder that A1111 and Lexeme read such files from; undefined if Lexeme does not use them. */
  readonly folder?: string;
}

/** The first match counts: a LoRA's names contain those of the network that it changes. */
const KINDS: readonly Foreign[] = [
  // kohya's, diffusers' and PEFT's names, and those of LyCORIS.
  {
    what: "a LoRA",
    keys: /^lora_(?:unet|te\d?)_|\.lora[._](?:up|down|[AB])\b|\.(?:hada_w|lokr_w|oft_blocks)|_lora\.(?:up|down)\./u,
  },
  { what: "a ControlNet", keys: /^control_model\.|^(?:control_)?input_hint_block\.|^controlnet_(?:cond|down|mid)_/u },
  {
    what: "a checkpoint",
    keys: /^(?:model\.)?diffusion_model\.|^cond_stage_model\.|^conditioner\.embedders\./u,
    folder: "models/Stable-diffusion",
  },
  {
    what: "a VAE",
    keys: /^(?:first_stage_model\.)?(?:encoder|decoder)\.(?:conv_in|down|up|mid)|^(?:post_)?quant_conv\./u,
    folder: "models/VAE",
  },
  {
    what: "an upscaler",
    keys: /^(?:model\.0\.weight|model\.1\.sub\.|conv_first\.|RRDB_trunk\.|body\.\d+\.rdb)/u,
    folder: "models/ESRGAN",
  },
  { what: "a text encoder", keys: /^(?:text_model|transformer\.text_model)\./u },
  { what: "a UNet", keys: /^(?:input_blocks|output_blocks|down_blocks|up_blocks|mid_block)\.\d*/u },
  // The widths of the attention layers as numbers, and A1111's facts beside them.
  { what: "a hypernetwork", keys: /^\[(?:320|640|768|1024|1280)\]$|^(?:layer_structure|activation_func)$/u },
];

/** The last parts of the names of a network's tensors. No program names a word like this. */
const OF_NETWORK = /\.(?:weight|bias|alpha|scale|gamma|beta|running_mean|running_var|num_batches_tracked)$/u;

/** A clause that says what the file with these keys is; undefined if they can be the names of words. */
export function foreignTensors(keys: readonly string[]): string | undefined {
  const found = KINDS.find((kind) => keys.some((key) => kind.keys.test(key)));
  if (found === undefined) {
    const isNetwork = keys.length > 1 && keys.every((key) => OF_NETWORK.test(key));
    return isNetwork ? `it holds the ${keys.length} tensors of a network, which is no embedding` : undefined;
  }
  const { what, folder } = found;
  if (folder !== undefined) return `it is ${what}, which belongs in "${folder}"`;
  return `it is ${what}, which is no embedding`;
}
