/** @file Writes the few pickle instructions (protocol 2) that an embedding's dict needs, in the order in which torch writes them. */

export class PickleWriter {
  readonly #bytes: number[] = [0x80, 2];

  text(value: string): this {
    const utf8 = new TextEncoder().encode(value);
    return this.#op("X", uint32(utf8.length), utf8);
  }

  int(value: number): this {
    if (!Number.isInteger(value) || value < -(2 ** 31) || value >= 2 ** 31)
      throw new RangeError(`${value} is not an int32`);
    if (value >= 0 && value <= 0xff) return this.#op("K", [value]);
    return this.#op("J", uint32(value >>> 0));
  }

  none(): this {
    return this.#op("N");
  }

  boolean(value: boolean): this {
    return this.#op(value ? "\x88" : "\x89");
  }

  textOrNone(value: string | undefined): this {
    return value === undefined ? this.none() : this.text(value);
  }

  /** A dict with the entries that `fill` writes: alternately a key and a value. */
  dict(fill: () => void): this {
    this.#op("}").#op("(");
    fill();
    return this.#op("u");
  }

  tuple(fill: () => void): this {
    this.#op("(");
    fill();
    return this.#op("t");
  }

  global(module: string, name: string): this {
    return this.#op("c", new TextEncoder().encode(`${module}\n${name}\n`));
  }

  /** Replaces the tuple on the stack by the object for which the tuple is the persistent id. */
  persistentId(): this {
    return this.#op("Q");
  }

  /** Calls the name below the top of the stack with the tuple on top as its arguments. */
  reduce(): this {
    return this.#op("R");
  }

  finish(): Uint8Array {
    this.#op(".");
    return Uint8Array.from(this.#bytes);
  }

  #op(opcode: string, ...operands: Iterable<number>[]): this {
    this.#bytes.push(opcode.charCodeAt(0));
    for (const operand of operands) for (const byte of operand) this.#bytes.push(byte);
    return this;
  }
}

function uint32(value: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(value).buffer);
}
