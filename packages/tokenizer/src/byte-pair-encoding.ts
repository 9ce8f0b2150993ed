/** @file Byte-pair encoding of one word over CLIP's byte alphabet (Sennrich et al. 2016; openai/CLIP `simple_tokenizer.py`). */

/** Marks a symbol that ends a word. */
const WORD_END = "</w>";

/** The cache of encoded words is emptied when it reaches this size. */
const MAX_CACHED_WORDS = 10_000;

export class BytePairEncoding {
  /** Symbol to id: the 256 bytes, the 256 bytes with the mark of a word's end, then the merges in order. */
  readonly #ids = new Map<string, number>();
  readonly #symbols: string[] = [];
  readonly #rankOfPair = new Map<string, number>();
  readonly #byteSymbols = byteAlphabet();
  readonly #byteOfSymbol = new Map(this.#byteSymbols.map((symbol, byte) => [symbol, byte]));
  readonly #cache = new Map<string, readonly number[]>();

  /** `merges`: lines of two symbols separated by a space, best first. */
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

  /** Number of symbols without special tokens. */
  get size(): number {
    return this.#symbols.length;
  }

  /** Ids of one word, which must not contain whitespace. */
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

  /**
   * Joins the pair of best rank everywhere in the word, from the left, until no pair has a rank. The time is n log n, because a user may
   * paste a hundred thousand letters without a space.
   */
  #merge(word: string[]): string[] {
    const symbols: (string | undefined)[] = word;
    const [before, after] = [word.map((_, i) => i - 1), word.map((_, i) => i + 1)];
    const rankAt = (left: number): number | undefined => {
      const [first, second] = [symbols[left], symbols[after[left] ?? -1]];
      return first === undefined || second === undefined ? undefined : this.#rankOfPair.get(`${first} ${second}`);
    };
    /** The left places of pairs by rank. Some pairs no longer exist when their rank is taken. */
    const waiting = new RankedPlaces();
    word.forEach((_, left) => waiting.add(rankAt(left), left));
    for (let best = waiting.takeBest(); best; best = waiting.takeBest()) {
      for (const left of best.places) {
        if (rankAt(left) !== best.rank) continue;
        const right = after[left]!;
        symbols[left] = `${symbols[left]}${symbols[right]}`;
        symbols[right] = undefined;
        after[left] = after[right]!;
        before[after[left]] = left;
        // Neither new pair can have the rank being joined, because each contains the new symbol.
        waiting.add(rankAt(before[left]!), before[left]!);
        waiting.add(rankAt(left), left);
      }
    }
    return symbols.filter((symbol) => symbol !== undefined);
  }
}

/** Places by rank. `takeBest` returns the places of the smallest rank, from left to right. */
class RankedPlaces {
  readonly #places = new Map<number, number[]>();
  /** Largest first, so that the smallest is taken from the end. */
  readonly #ranks: number[] = [];

  add(rank: number | undefined, place: number): void {
    if (rank === undefined) return;
    const known = this.#places.get(rank);
    if (known) {
      known.push(place);
      return;
    }
    this.#places.set(rank, [place]);
    let [low, high] = [0, this.#ranks.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#ranks[middle]! > rank) low = middle + 1;
      else high = middle;
    }
    this.#ranks.splice(low, 0, rank);
  }

  takeBest(): { rank: number; places: number[] } | undefined {
    const rank = this.#ranks.pop();
    if (rank === undefined) return undefined;
    const places = this.#places.get(rank)!.toSorted((a, b) => a - b);
    this.#places.delete(rank);
    return { rank, places };
  }
}

/** GPT-2's printable character for each byte: the same character if it is printable, else the next character from U+0100 on. */
function byteAlphabet(): string[] {
  let spare = 0x100;
  return Array.from({ length: 256 }, (_, byte) => {
    const isPrintable = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
    return String.fromCodePoint(isPrintable ? byte : spare++);
  });
}
