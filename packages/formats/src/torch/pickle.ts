/** @file The part of pickle (protocols 2 to 4) that torch's files use. The reader builds data and runs no code. Names outside `pickle-symbols.ts` are refused. */
import { LexemeError } from "@lexeme/core";
import { PickleReader } from "./pickle-reader.ts";
import { pickleSymbol, type PickleSymbol } from "./pickle-symbols.ts";
import { isCall, type PickleValue } from "./pickle-value.ts";
import { rebuildTensor } from "./torch-tensor.ts";

/** The bound on the memory for reading, which grows with the bytes read. A checkpoint's `data.pkl` has about 300 KB, with an optimizer a few MB. */
export const MAX_PICKLE_BYTES = 64 * 1024 * 1024;

export interface UnpickleOptions {
  /** Returns the object of a persistent id. torch's ids are tuples that name a storage. */
  persistentLoad: (id: PickleValue) => PickleValue;
  /** The pickle's offset in `bytes`. */
  start?: number;
}

/** One pickle and the offset of its end. Throws LexemeError `PICKLE_UNREADABLE` or `PICKLE_FORBIDDEN`. */
export function unpickle(bytes: Uint8Array, options: UnpickleOptions): { value: PickleValue; end: number } {
  const start = options.start ?? 0;
  if (bytes.length - start > MAX_PICKLE_BYTES) throw unreadable(`it has more than ${MAX_PICKLE_BYTES} bytes`);
  return new Unpickler(new PickleReader(bytes, start), options).run();
}

class Unpickler {
  readonly #in: PickleReader;
  readonly #persistentLoad: UnpickleOptions["persistentLoad"];
  #stack: PickleValue[] = [];
  readonly #marked: PickleValue[][] = [];
  readonly #memo = new Map<number, PickleValue>();

  constructor(reader: PickleReader, options: UnpickleOptions) {
    this.#in = reader;
    this.#persistentLoad = options.persistentLoad;
  }

  run(): { value: PickleValue; end: number } {
    for (;;) {
      const opcode = String.fromCharCode(this.#in.uint8());
      if (opcode === ".") return { value: this.#pop(), end: this.#in.position };
      if (!this.#scalar(opcode) && !this.#container(opcode) && !this.#object(opcode)) {
        throw unreadable(`instruction 0x${opcode.charCodeAt(0).toString(16)} does not occur in torch's files`);
      }
    }
  }

  /** Reads numbers, text, bytes and frames. */
  #scalar(opcode: string): boolean {
    const input = this.#in;
    switch (opcode) {
      case "\x80":
        if (input.uint8() > 5) throw unreadable("its protocol is unknown");
        return true;
      case "\x95":
        input.skip(8);
        return true;
      case "N":
        return this.#push(null);
      case "\x88":
        return this.#push(true);
      case "\x89":
        return this.#push(false);
      case "K":
        return this.#push(input.uint8());
      case "M":
        return this.#push(input.uint16());
      case "J":
        return this.#push(input.int32());
      case "G":
        return this.#push(input.float64());
      case "\x8a":
        return this.#push(input.long(input.uint8()));
      case "\x8b":
        return this.#push(input.long(input.uint32()));
      case "X":
        return this.#push(input.text(input.uint32()));
      case "\x8c":
        return this.#push(input.text(input.uint8()));
      case "U":
        return this.#push(input.text(input.uint8()));
      case "T":
        return this.#push(input.text(input.uint32()));
      case "B":
        return this.#push(input.bytes(input.uint32()));
      case "C":
        return this.#push(input.bytes(input.uint8()));
      default:
        return false;
    }
  }

  /** Reads lists, tuples, dicts, sets, the stack's marks and the memo. */
  #container(opcode: string): boolean {
    switch (opcode) {
      case "(":
        this.#marked.push(this.#stack);
        this.#stack = [];
        return true;
      case "0":
        this.#pop();
        return true;
      case "1":
        this.#popMark();
        return true;
      case "]":
      case ")":
      case "\x8f":
        return this.#push([]);
      case "}":
        return this.#push(new Map());
      case "t":
      case "l":
        return this.#push(this.#popMark());
      case "\x85":
        return this.#push(this.#popMany(1));
      case "\x86":
        return this.#push(this.#popMany(2));
      case "\x87":
        return this.#push(this.#popMany(3));
      case "a":
        this.#list(this.#stack.at(-2)).push(this.#pop());
        return true;
      case "e":
      case "\x90": {
        const items = this.#popMark();
        const list = this.#list(this.#stack.at(-1));
        for (const item of items) list.push(item);
        return true;
      }
      case "s":
        return this.#setItems(this.#popMany(2));
      case "u":
        return this.#setItems(this.#popMark());
      case "d":
        return this.#setItems(this.#popMark(), new Map());
      case "q":
        return this.#remember(this.#in.uint8());
      case "r":
        return this.#remember(this.#in.uint32());
      case "\x94":
        return this.#remember(this.#memo.size);
      case "h":
        return this.#recall(this.#in.uint8());
      case "j":
        return this.#recall(this.#in.uint32());
      default:
        return false;
    }
  }

  /** Reads names and the arguments for calling them. */
  #object(opcode: string): boolean {
    switch (opcode) {
      case "c": {
        const module = this.#in.line();
        return this.#push(pickleSymbol(module, this.#in.line()));
      }
      case "\x93": {
        const [module, name] = this.#popMany(2);
        if (typeof module !== "string" || typeof name !== "string") throw unreadable("a name is not text");
        return this.#push(pickleSymbol(module, name));
      }
      case "Q":
        return this.#push(this.#persistentLoad(this.#pop()));
      case "R":
      case "\x81": {
        const [symbol, args] = this.#popMany(2);
        return this.#push(this.#build(symbol, args));
      }
      case "b": {
        const state = this.#pop();
        const object = this.#stack.at(-1);
        // The attributes of an OrderedDict or a tensor are ignored.
        if (isCall(object)) object.state = state;
        return true;
      }
      default:
        return false;
    }
  }

  #build(symbol: PickleValue | undefined, args: PickleValue | undefined): PickleValue {
    if (!isSymbol(symbol) || !Array.isArray(args)) throw unreadable("it calls something that is not a name");
    switch (symbol.kind) {
      case "ordered-dict":
        return orderedDict(args);
      case "rebuild-tensor":
        return rebuildTensor(args);
      case "rebuild-parameter":
        return args[0] ?? null;
      case "storage":
      case "opaque":
        return { kind: "call", symbol, args, state: null };
    }
  }

  #push(value: PickleValue): true {
    this.#stack.push(value);
    return true;
  }

  #pop(): PickleValue {
    const value = this.#stack.pop();
    if (value === undefined) throw unreadable("it takes more from its stack than it put there");
    return value;
  }

  #popMany(count: number): PickleValue[] {
    if (this.#stack.length < count) throw unreadable("it takes more from its stack than it put there");
    return this.#stack.splice(-count);
  }

  #popMark(): PickleValue[] {
    const below = this.#marked.pop();
    if (!below) throw unreadable("a mark is missing");
    const items = this.#stack;
    this.#stack = below;
    return items;
  }

  #list(value: PickleValue | undefined): PickleValue[] {
    if (!Array.isArray(value)) throw unreadable("it appends to a value that is not a list");
    return value;
  }

  #setItems(items: PickleValue[], fresh?: Map<PickleValue, PickleValue>): true {
    if (fresh) this.#push(fresh);
    const target = this.#stack.at(-1);
    // The items of a pickled object (a ParameterDict in some versions) become its state.
    const map = target instanceof Map ? target : isCall(target) ? (target.state = new Map()) : undefined;
    if (!map || items.length % 2 !== 0) throw unreadable("it sets items of a value that is not a dict");
    for (let i = 0; i < items.length; i += 2) map.set(items[i]!, items[i + 1]!);
    return true;
  }

  #remember(index: number): true {
    const top = this.#stack.at(-1);
    if (top === undefined) throw unreadable("it stores a value from an empty stack");
    this.#memo.set(index, top);
    return true;
  }

  #recall(index: number): true {
    const value = this.#memo.get(index);
    if (value === undefined) throw unreadable("it loads a value that it never stored");
    return this.#push(value);
  }
}

/** `OrderedDict()` or `OrderedDict([[key, value], …])`. */
function orderedDict(args: PickleValue[]): Map<PickleValue, PickleValue> {
  const pairs = args[0];
  const map = new Map<PickleValue, PickleValue>();
  if (Array.isArray(pairs)) {
    for (const pair of pairs) if (Array.isArray(pair) && pair.length === 2) map.set(pair[0]!, pair[1]!);
  }
  return map;
}

function isSymbol(value: PickleValue | undefined): value is PickleSymbol {
  return typeof value === "object" && value !== null && "kind" in value && value.kind !== "call" && "name" in value;
}

function unreadable(what: string): LexemeError {
  return new LexemeError("PICKLE_UNREADABLE", `The pickle inside this file cannot be read: ${what}`);
}
