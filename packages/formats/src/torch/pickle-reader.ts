/** @file A cursor over a pickle's bytes. Every read checks that it does not pass the end. */
import { LexemeError } from "@lexeme/core";

/** Longest integer that is read; torch's magic number has 10 bytes. */
const MAX_LONG_BYTES = 16;
/** Longest module or class name. */
const MAX_LINE_BYTES = 1024;

export class PickleReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  position: number;

  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.position = start;
  }

  uint8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  uint16(): number {
    return this.#view.getUint16(this.#take(2), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  int32(): number {
    return this.#view.getInt32(this.#take(4), true);
  }

  /** Big-endian, unlike all other values of the format. */
  float64(): number {
    return this.#view.getFloat64(this.#take(8), false);
  }

  /** A little-endian two's complement integer of `length` bytes; a number if that is exact, else a bigint. */
  long(length: number): number | bigint {
    if (length > MAX_LONG_BYTES) throw cutShort(`torch writes no integer of ${length} bytes`);
    let value = 0n;
    for (const byte of this.bytes(length).toReversed()) value = (value << 8n) | BigInt(byte);
    const signed = length === 0 ? 0n : BigInt.asIntN(length * 8, value);
    return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed;
  }

  text(length: number): string {
    return new TextDecoder().decode(this.bytes(length));
  }

  bytes(length: number): Uint8Array {
    const start = this.#take(length);
    return new Uint8Array(this.#bytes.subarray(start, start + length));
  }

  /** Text up to a newline, which is skipped. */
  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.position);
    if (end < 0 || end - this.position > MAX_LINE_BYTES) throw cutShort("a name does not end");
    const text = this.text(end - this.position);
    this.position = end + 1;
    return text;
  }

  skip(length: number): void {
    this.#take(length);
  }

  #take(length: number): number {
    const start = this.position;
    if (start + length > this.#bytes.length) throw cutShort("it ends in the middle");
    this.position = start + length;
    return start;
  }
}

function cutShort(what: string): LexemeError {
  return new LexemeError("PICKLE_UNREADABLE", `The pickle inside this file cannot be read: ${what}`);
}
