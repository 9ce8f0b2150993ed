/** @file CLIP's tokenizer of Stable Diffusion 1.x and 2.x, without start, end and padding, which `prompt-chunks.ts` adds. */
import type { ClipDialect } from "@lexeme/core";
import { BytePairEncoding } from "./byte-pair-encoding.ts";
import { unescapeHtml } from "./html-unescape.ts";
import { cleanPrompt, fixText, type HtmlEntities } from "./text-cleanup.ts";

/** `<|startoftext|>`, id 49406 in CLIP's vocabulary of 49,408. */
export const START_TOKEN = 49406;
/** `<|endoftext|>`, which is also SD 1.x's padding. */
export const END_TOKEN = 49407;

/** The words that become the start and end tokens when a user types them. */
const SPECIAL: Readonly<Record<ClipDialect, ReadonlyMap<string, number>>> = {
  clip: new Map([
    ["<|startoftext|>", START_TOKEN],
    ["<|endoftext|>", END_TOKEN],
  ]),
  openClip: new Map([
    ["<start_of_text>", START_TOKEN],
    ["<end_of_text>", END_TOKEN],
  ]),
};

/** CLIP's word pattern (openai/CLIP `simple_tokenizer.py`): contractions, runs of letters, single digits, runs of anything else. */
const WORD: Readonly<Record<ClipDialect, RegExp>> = {
  clip: /<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\s\p{L}\p{N}]+/gu,
  openClip: /<start_of_text>|<end_of_text>|'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\s\p{L}\p{N}]+/gu,
};

/** One token for display: `text` is the token's text (U+FFFD for a part of a character), `endsWord` says whether it ends a word. */
export interface DisplayToken {
  id: number;
  text: string;
  endsWord: boolean;
}

export interface ClipTokenizerData {
  /** Lines of `clip-merges.txt`. */
  merges: readonly string[];
  entities: HtmlEntities;
  /** Names of entities that HTML also reads without a semicolon. */
  bareEntities: ReadonlySet<string>;
  /** "clip" by default. */
  dialect?: ClipDialect;
}

export class ClipTokenizer {
  readonly #encoding: BytePairEncoding;
  readonly #data: ClipTokenizerData;
  readonly dialect: ClipDialect;

  constructor(data: ClipTokenizerData) {
    this.#encoding = new BytePairEncoding(data.merges);
    if (this.#encoding.size !== START_TOKEN) {
      throw new RangeError(`CLIP's merges give ${START_TOKEN} symbols, these give ${this.#encoding.size}`);
    }
    this.#data = data;
    this.dialect = data.dialect ?? "clip";
  }

  /** Token ids of a text, without start and end, of any length. */
  encode(text: string): number[] {
    const ids: number[] = [];
    for (const [word] of this.#clean(text).matchAll(WORD[this.dialect])) {
      const special = SPECIAL[this.dialect].get(word);
      if (special === undefined) for (const id of this.#encoding.encodeWord(word)) ids.push(id);
      else ids.push(special);
    }
    return ids;
  }

  /** The tokens of a text, for display. */
  tokens(text: string): DisplayToken[] {
    return this.encode(text).map((id) => this.token(id));
  }

  /** One id for display. Throws a RangeError for an id outside the vocabulary. */
  token(id: number): DisplayToken {
    for (const [text, special] of SPECIAL[this.dialect]) if (id === special) return { id, text, endsWord: true };
    const symbol = this.#encoding.symbolBytes(id);
    if (!symbol) throw new RangeError(`token id ${id} is not in CLIP's vocabulary of ${END_TOKEN + 1}`);
    return { id, text: new TextDecoder().decode(symbol.bytes), endsWord: symbol.endsWord };
  }

  /** After ftfy has decoded HTML's entities, OpenCLIP decodes them twice more with other rules (`basic_clean` in its `tokenizer.py`). */
  #clean(text: string): string {
    const { entities } = this.#data;
    if (this.dialect === "clip") return cleanPrompt(text, entities);
    const once = unescapeHtml(fixText(text, entities), this.#data);
    return unescapeHtml(once, this.#data).replace(/\s+/gu, " ").trim().toLowerCase();
  }
}
