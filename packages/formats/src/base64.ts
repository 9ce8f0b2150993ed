/** @file Base64 (RFC 4648, with padding), for the ASCII text with an embedding that A1111 puts into a picture. */

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

export function toBase64(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b = 0, c = 0] = bytes.subarray(at, at + 3);
    const bits = (a << 16) | (b << 8) | c;
    const given = Math.min(3, bytes.length - at);
    let four = "";
    for (let i = 0; i < 4; i++) four += i <= given ? ALPHABET[(bits >> (18 - 6 * i)) & 63]! : "=";
    pieces.push(four);
  }
  return pieces.join("");
}

/** Undefined if the text is not base64. White space is skipped, as in Python. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  const letters = text.replaceAll(/\s/g, "").replace(/={1,2}$/, "");
  if (letters.length % 4 === 1) return undefined;
  const bytes = new Uint8Array(Math.floor((letters.length * 3) / 4));
  let [bits, have, at] = [0, 0, 0];
  for (let i = 0; i < letters.length; i++) {
    const value = VALUES[letters.charCodeAt(i)] ?? -1;
    if (value < 0) return undefined;
    bits = ((bits << 6) | value) & 0xffff;
    have += 6;
    if (have < 8) continue;
    have -= 8;
    bytes[at++] = (bits >> have) & 0xff;
  }
  return bytes;
}

const VALUES = new Int8Array(128).fill(-1);
for (let value = 0; value < ALPHABET.length; value++) VALUES[ALPHABET.charCodeAt(value)] = value;
