/** @file Makes the picture for sharing an embedding: with A1111's captions, and the embedding in its pixels and its text. Draws with sharp. */
import type { Sharp, SharpOptions } from "sharp";
import { embeddingToJson } from "./embedding-json.ts";
import { pictureBetweenBlocks, type RgbPicture } from "./embedding-pixels.ts";
import { hideEmbedding, writeEmbeddingText } from "./embedding-picture.ts";
import type { TextualInversionToWrite } from "./write-textual-inversion.ts";

/** Captions can be read from this width on; smaller pictures are enlarged. */
const LEAST_SIZE = 512;
/** Larger pictures are reduced, because the file is for sharing. */
const MOST_SIZE = 1024;
/** Larger pictures are reduced without a search of their pixels. */
const MOST_CARD_PIXELS = 4096 * 4096;
/** Upper estimate of a letter's width in relation to the height of its font. */
const LETTER_WIDTH = 0.62;
const FONTS = "Roboto, 'DejaVu Sans', 'Liberation Sans', Arial, Helvetica, sans-serif";
const CHANNELS = 3;

export interface CardTools {
  /** Opens a picture from encoded bytes, or from raw pixels. */
  sharp: (input: Uint8Array, options?: SharpOptions) => Sharp;
  /** zlib at level 9. */
  compress: (bytes: Uint8Array) => Promise<Uint8Array>;
}

/** Returns a PNG. `picture` is a picture file of any format, or undefined for a plain card. */
export async function drawEmbeddingCard(
  picture: Uint8Array | undefined,
  embedding: TextualInversionToWrite,
  tools: CardTools,
): Promise<Uint8Array<ArrayBuffer>> {
  const json = embeddingToJson(embedding);
  const background = picture === undefined ? plainCard() : await decodeBackground(picture, tools);
  const captioned = await caption(background, embedding, tools);
  const whole = hideEmbedding(captioned, { json, compressed: await tools.compress(json), embedding });
  const png = await fromRaw(whole, tools).png({ compressionLevel: 6 }).toBuffer();
  return writeEmbeddingText(png, { json });
}

async function decodeBackground(bytes: Uint8Array, tools: CardTools): Promise<RgbPicture> {
  const upright = tools.sharp(bytes).rotate().flatten({ background: "#000" });
  const { width, height } = await tools.sharp(bytes).metadata();
  // Only cards have an embedding in them, and no card is that large.
  if (width * height > MOST_CARD_PIXELS) return toRgb(upright.resize(MOST_SIZE, MOST_SIZE, { fit: "inside" }));
  const whole = await toRgb(upright);
  // From a picture that already carries an embedding only the visible part is used.
  const shown = pictureBetweenBlocks(whole);
  const size = Math.max(shown.width, shown.height);
  const wanted = Math.min(Math.max(size, LEAST_SIZE), MOST_SIZE);
  if (wanted === size) return shown;
  return toRgb(fromRaw(shown, tools).resize(wanted, wanted, { fit: "inside" }));
}

function plainCard(): RgbPicture {
  const rgb = new Uint8Array(LEAST_SIZE * LEAST_SIZE * CHANNELS).fill(0x60);
  return { width: LEAST_SIZE, height: LEAST_SIZE, rgb };
}

/** Writes A1111's captions: the name at the top; checkpoint, its hash, and vectors and steps at the bottom. */
async function caption(
  picture: RgbPicture,
  { name, sdCheckpoint, sdCheckpointName, count, step }: TextualInversionToWrite,
  tools: CardTools,
): Promise<RgbPicture> {
  const { width, height } = picture;
  const margin = Math.round(width * 0.03);
  const title = `<${name}>`;
  const titleSize = fontSize(title, { wanted: width * 0.08, room: width - 2 * margin });
  const left = sdCheckpointName ?? "";
  const middle = sdCheckpoint === undefined ? "" : `[${sdCheckpoint}]`;
  const right = `${count}v ${step}s`;
  const longest = [left, middle, right].reduce((a, b) => (b.length > a.length ? b : a));
  const footSize = fontSize(longest, { wanted: width * 0.045, room: (width - 2 * margin) / 3 - margin / 2 });
  const foot = height - margin;
  const line = (text: string, at: string): string => `<text ${at} fill="#fff">${escapeXml(text)}</text>`;
  const overlay = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="${FONTS}">
<defs><linearGradient id="g" x2="0" y2="1"><stop offset="0" stop-opacity=".75"/><stop offset=".18" stop-opacity="0"/><stop offset=".86" stop-opacity="0"/><stop offset="1" stop-opacity=".75"/></linearGradient></defs>
<rect width="100%" height="100%" fill="url(#g)"/>
${line(title, `x="${margin}" y="${margin + titleSize}" font-size="${titleSize}" font-weight="bold"`)}
${line(left, `x="${margin}" y="${foot}" font-size="${footSize}"`)}
${line(middle, `x="${width / 2}" y="${foot}" font-size="${footSize}" text-anchor="middle"`)}
${line(right, `x="${width - margin}" y="${foot}" font-size="${footSize}" text-anchor="end"`)}
</svg>`;
  const svg = new TextEncoder().encode(overlay);
  return toRgb(fromRaw(picture, tools).composite([{ input: svg as Buffer }]));
}

function fontSize(text: string, { wanted, room }: { wanted: number; room: number }): number {
  return Math.round(Math.min(wanted, room / (Math.max(text.length, 1) * LETTER_WIDTH)));
}

function escapeXml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "");
}

function fromRaw({ width, height, rgb }: RgbPicture, { sharp }: CardTools): Sharp {
  return sharp(rgb, { raw: { width, height, channels: CHANNELS } });
}

async function toRgb(picture: Sharp): Promise<RgbPicture> {
  const { data, info } = await picture
    .toColourspace("srgb")
    .removeAlpha()
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, rgb: data };
}
