/** @file CLIP's tokenizer as Stable Diffusion 1.x uses it, without start, end and padding, which `prompt-chunks.ts` adds. */
import { BytePairEncoding } from "./byte-pair-encoding.ts";
import { cleanPrompt, type HtmlEntities } from "./text-cleanup.ts";

/** `<|startoftext|>`, id 49406 in CLIP's vocabulary of 49,408. */
export const START_TOKEN = 49406;
/** `<|endoftext|>`, which SD 1.x pads with too. */
export const END_TOKEN = 49407;

/** CLIP's word pattern (openai/CLIP `simple_tokenizer.py`): contractions, runs of letters, single digits, runs of anything else. */
const WORD = /<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\s\p{L}\p{N}]+/gu;

const SPECIAL: ReadonlyMap<string, number> = new Map([
  ["<|startoftext|>", START_TOKEN],
  ["<|endoftext|>", END_TOKEN],
]);

/** One token for display: `text` is what it stands for (U+FFFD for part of a character), `endsWord` whether a word ends there. */
export interface DisplayToken {
  id: number;
  text: string;
  endsWord: boolean;
}

export interface ClipTokenizerData {
  /** Lines of `clip-merges.txt`. */
  merges: readonly string[];
  entities: HtmlEntities;
}

export class ClipTokenizer {
  readonly #encoding: BytePairEncoding;
  readonly #entities: HtmlEntities;

  constructor(data: ClipTokenizerData) {
    this.#encoding = new BytePairEncoding(data.merges);
    if (this.#encoding.size !== START_TOKEN) {
      throw new RangeError(`CLIP's merges give ${START_TOKEN} symbols, these give ${this.#encoding.size}`);
    }
    this.#entities = data.entities;
  }

  /** Token ids of a text, without start and end, of any length. */
  encode(text: string): number[] {
    const ids: number[] = [];
    for (const [word] of cleanPrompt(text, this.#entities).matchAll(WORD)) {
      const special = SPECIAL.get(word);
      if (special === undefined) ids.push(...this.#encoding.encodeWord(word));
      else ids.push(special);
    }
    return ids;
  }

  /** The tokens of a text one by one, to show to a person. */
  tokens(text: string): DisplayToken[] {
    return this.encode(text).map((id) => this.token(id));
  }

  /** One id for display. Throws a RangeError for an id outside the vocabulary. */
  token(id: number): DisplayToken {
    for (const [text, special] of SPECIAL) if (id === special) return { id, text, endsWord: true };
    const symbol = this.#encoding.symbolBytes(id);
    if (!symbol) throw new RangeError(`token id ${id} is not in CLIP's vocabulary of ${END_TOKEN + 1}`);
    return { id, text: new TextDecoder().decode(symbol.bytes), endsWord: symbol.endsWord };
  }
}
