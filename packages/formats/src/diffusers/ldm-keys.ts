/** @file The keys of diffusers' UNet, VAE and text encoder in LDM's single-file layout, which all other code uses. */

export const DIFFUSERS_PARTS = ["unet", "vae", "text_encoder"] as const;
export type DiffusersPart = (typeof DIFFUSERS_PARTS)[number];

type Rename = readonly [from: RegExp, to: string];

/** Inside a residual block (diffusers: `ResnetBlock2D`) of the UNet. */
const UNET_RESNET: readonly Rename[] = [
  [/^norm1\./, "in_layers.0."],
  [/^conv1\./, "in_layers.2."],
  [/^norm2\./, "out_layers.0."],
  [/^conv2\./, "out_layers.3."],
  [/^time_emb_proj\./, "emb_layers.1."],
  [/^conv_shortcut\./, "skip_connection."],
];
const UNET_ENDS: readonly Rename[] = [
  [/^time_embedding\.linear_1\./, "time_embed.0."],
  [/^time_embedding\.linear_2\./, "time_embed.2."],
  [/^conv_in\./, "input_blocks.0.0."],
  [/^conv_norm_out\./, "out.0."],
  [/^conv_out\./, "out.2."],
];
/** Inside the VAE's attention; the second names are from diffusers before 0.17. */
const VAE_ATTENTION: readonly Rename[] = [
  [/^group_norm\./, "norm."],
  [/^(to_q|query)\./, "q."],
  [/^(to_k|key)\./, "k."],
  [/^(to_v|value)\./, "v."],
  [/^(to_out\.0|proj_attn)\./, "proj_out."],
];

/** LDM's key for each key of a part. Keys without a counterpart in LDM's layout are left out. */
export function ldmKeys(part: DiffusersPart, keys: readonly string[]): ReadonlyMap<string, string> {
  const toLdm = { unet: unetKey, vae: vaeKey, text_encoder: textKey }[part];
  const layout = layoutOf(keys);
  return new Map(
    keys.flatMap((key) => {
      const renamed = toLdm(key, layout);
      return renamed === undefined ? [] : [[key, renamed] as const];
    }),
  );
}

interface Layout {
  /** Residual blocks in each level of the down path. */
  readonly layersPerBlock: number;
  readonly upBlocks: number;
  /** The levels of the up path that have transformers. */
  readonly attentionUp: ReadonlySet<number>;
}

function layoutOf(keys: readonly string[]): Layout {
  const largest = (pattern: RegExp): number =>
    Math.max(-1, ...keys.map((key) => Number(pattern.exec(key)?.[1] ?? -1))) + 1;
  const attentionUp = keys
    .map((key) => /^up_blocks\.(\d+)\.attentions\./.exec(key)?.[1])
    .filter((i) => i !== undefined);
  return {
    layersPerBlock: largest(/^down_blocks\.\d+\.resnets\.(\d+)\./),
    upBlocks: largest(/^decoder\.up_blocks\.(\d+)\./),
    attentionUp: new Set(attentionUp.map(Number)),
  };
}

function unetKey(key: string, { layersPerBlock, attentionUp }: Layout): string | undefined {
  const ldm = "model.diffusion_model.";
  const [, way, level, kind, index, rest] =
    /^(down|up)_blocks\.(\d+)\.(resnets|attentions|downsamplers|upsamplers)\.(\d+)\.(.+)$/.exec(key) ?? [];
  if (rest !== undefined) {
    const i = Number(level);
    const down = way === "down";
    // A level has its blocks, and in the down path one more block that halves the size. LDM numbers all blocks consecutively, after the first convolution.
    const first = (layersPerBlock + 1) * i + (down ? 1 : 0);
    const block = `${ldm}${down ? "input" : "output"}_blocks.`;
    if (kind === "resnets") return `${block}${first + Number(index)}.0.${rename(rest, UNET_RESNET)}`;
    if (kind === "attentions") return `${block}${first + Number(index)}.1.${rest}`;
    if (down) return `${block}${first + layersPerBlock}.0.${rest.replace(/^conv\./, "op.")}`;
    return `${block}${first + layersPerBlock}.${attentionUp.has(i) ? 2 : 1}.${rest}`;
  }
  const [, midKind, midIndex, midRest] = /^mid_block\.(resnets|attentions)\.(\d+)\.(.+)$/.exec(key) ?? [];
  if (midRest !== undefined) {
    if (midKind === "attentions") return `${ldm}middle_block.1.${midRest}`;
    return `${ldm}middle_block.${2 * Number(midIndex)}.${rename(midRest, UNET_RESNET)}`;
  }
  const end = rename(key, UNET_ENDS);
  return end === key ? undefined : `${ldm}${end}`;
}

function vaeKey(key: string, { upBlocks }: Layout): string {
  const renamed = key
    .replace(/\.down_blocks\.(\d+)\.downsamplers\.0\./, ".down.$1.downsample.")
    .replace(/\.down_blocks\.(\d+)\.resnets\./, ".down.$1.block.")
    .replace(/\.up_blocks\.(\d+)\./, (_, level: string) => `.up.${upBlocks - 1 - Number(level)}.`)
    .replace(/(\.up\.\d+)\.upsamplers\.0\./, "$1.upsample.")
    .replace(/(\.up\.\d+)\.resnets\./, "$1.block.")
    .replace(/\.mid_block\.resnets\.(\d+)\./, (_, index: string) => `.mid.block_${Number(index) + 1}.`)
    .replace(/\.mid_block\.attentions\.0\.(.+)$/, (_, rest: string) => `.mid.attn_1.${rename(rest, VAE_ATTENTION)}`)
    .replace(/\.conv_shortcut\./, ".nin_shortcut.")
    .replace(/\.conv_norm_out\./, ".norm_out.");
  return `first_stage_model.${renamed}`;
}

function textKey(key: string): string {
  return `cond_stage_model.transformer.${key}`;
}

function rename(key: string, renames: readonly Rename[]): string {
  const found = renames.find(([from]) => from.test(key));
  return found === undefined ? key : key.replace(found[0], found[1]);
}
