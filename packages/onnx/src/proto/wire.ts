/** @file The part of the protobuf wire format that writing ONNX models needs. There is no reader. */

const VARINT = 0;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

const utf8 = new TextEncoder();

/** One message under construction. Field numbers are the caller's; `add*` methods chain. */
export class MessageWriter {
  readonly #chunks: Uint8Array[] = [];
  #size = 0;

  /** int64, int32 and enum fields. */
  varint(field: number, value: number | bigint): this {
    return this.#push(varintBytes((field << 3) | VARINT)).#push(varintBytes(value));
  }

  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.#push(varintBytes((field << 3) | FIXED32)).#push(bytes);
  }

  bytes(field: number, value: Uint8Array): this {
    return this.#push(varintBytes((field << 3) | LENGTH_DELIMITED))
      .#push(varintBytes(value.length))
      .#push(value);
  }

  string(field: number, value: string): this {
    return this.bytes(field, utf8.encode(value));
  }

  /** A nested message. Its chunks are used without a copy, so large constants are copied only once, by `finish`. */
  message(field: number, message: MessageWriter): this {
    this.#push(varintBytes((field << 3) | LENGTH_DELIMITED)).#push(varintBytes(message.#size));
    for (const chunk of message.#chunks) this.#push(chunk);
    return this;
  }

  /** A repeated int64 in packed form. */
  packedVarints(field: number, values: readonly number[]): this {
    const packed = new MessageWriter();
    for (const value of values) packed.#push(varintBytes(value));
    return this.message(field, packed);
  }

  finish(): Uint8Array {
    const whole = new Uint8Array(this.#size);
    let position = 0;
    for (const chunk of this.#chunks) {
      whole.set(chunk, position);
      position += chunk.length;
    }
    return whole;
  }

  #push(chunk: Uint8Array): this {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    return this;
  }
}

/** Seven bits a byte, lowest first; a negative number is its 64-bit two's complement. */
function varintBytes(value: number | bigint): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
