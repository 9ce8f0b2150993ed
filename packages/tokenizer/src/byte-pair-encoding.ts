/** @file Byte-pair encoding of one word over CLIP's byte alphabet (Sennrich et al. 2016; openai/CLIP `simple_tokenizer.py`). */

/** Marks a symbol that ends a word. */
const WORD_END = "</w>";

/** Words are cut once and remembered; past this many the memory starts anew. */
const MAX_CACHED_WORDS = 10_000;

export class BytePairEncoding {
  /** Symbol to id: 256 bytes, the same with a word's end, the merges in order. */
  readonly #ids = new Map<string, number>();
  readonly #symbols: string[] = [];
  readonly #rankOfPair = new Map<string, number>();
  readonly #byteSymbols = byteAlphabet();
  readonly #byteOfSymbol = new Map(this.#byteSymbols.map((symbol, byte) => [symbol, byte]));
  readonly #cache = new Map<string, readonly number[]>();

  /** `merges`: lines of two symbols parted by a space, best first. */
  constructor(merges: readonly string[]) {
    // The vocabulary lists the bytes in the alphabet's own order: printable ones first, then the stand-ins from U+0100 on.
    const inVocabularyOrder = this.#byteSymbols.toSorted((a, b) => a.codePointAt(0)! - b.codePointAt(0)!);
    for (const symbol of inVocabularyOrder) this.#add(symbol);
    for (const symbol of inVocabularyOrder) this.#add(symbol + WORD_END);
    merges.forEach((pair, rank) => {
      this.#rankOfPair.set(pair, rank);
      this.#add(pair.replace(" ", ""));
    });
  }

  /** Number of symbols, special tokens not counted. */
  get size(): number {
    return this.#symbols.length;
  }

  /** Ids of one word, which must hold no whitespace. */
  encodeWord(word: string): readonly number[] {
    const known = this.#cache.get(word);
    if (known) return known;
    const bytes = new TextEncoder().encode(word);
    const symbols = [...bytes].map((byte) => this.#byteSymbols[byte]!);
    symbols[symbols.length - 1] += WORD_END;
    const ids = this.#merge(symbols).map((symbol) => this.#ids.get(symbol)!);
    if (this.#cache.size >= MAX_CACHED_WORDS) this.#cache.clear();
    this.#cache.set(word, ids);
    return ids;
  }

  /** The bytes that a symbol stands for and whether a word ends with it; undefined for an id outside the vocabulary. */
  symbolBytes(id: number): { bytes: Uint8Array; endsWord: boolean } | undefined {
    const symbol = this.#symbols[id];
    if (symbol === undefined) return undefined;
    const endsWord = symbol.endsWith(WORD_END);
    const letters = endsWord ? symbol.slice(0, -WORD_END.length) : symbol;
    return { bytes: Uint8Array.from(letters, (letter) => this.#byteOfSymbol.get(letter)!), endsWord };
  }

  #add(symbol: string): void {
    this.#ids.set(symbol, this.#symbols.length);
    this.#symbols.push(symbol);
  }

  /** Joins the best-ranked pair everywhere in the word, until no pair has a rank. */
  #merge(word: string[]): string[] {
    let symbols = word;
    while (symbols.length > 1) {
      let best = Number.POSITIVE_INFINITY;
      let bestAt = -1;
      for (let i = 0; i + 1 < symbols.length; i++) {
        const rank = this.#rankOfPair.get(`${symbols[i]} ${symbols[i + 1]}`) ?? Number.POSITIVE_INFINITY;
        if (rank < best) {
          best = rank;
          bestAt = i;
        }
      }
      if (bestAt < 0) return symbols;
      const [first, second] = [symbols[bestAt]!, symbols[bestAt + 1]!];
      const joined: string[] = [];
      for (let i = 0; i < symbols.length; i++) {
        const isPair = symbols[i] === first && symbols[i + 1] === second;
        joined.push(isPair ? first + second : symbols[i]!);
        if (isPair) i++;
      }
      symbols = joined;
    }
    return symbols;
  }
}

/** GPT-2's printable stand-in for each byte: itself where printable, else the next of U+0100 and on. */
function byteAlphabet(): string[] {
  let spare = 0x100;
  return Array.from({ length: 256 }, (_, byte) => {
    const isPrintable = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
    return String.fromCodePoint(isPrintable ? byte : spare++);
  });
}
