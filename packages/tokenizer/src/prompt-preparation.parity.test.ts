/** @file Compares the whole grammar with an independent implementation of A1111's grammar (`fixtures/prompts.py`), over 10 steps. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { preparePrompt } from "./prompt-preparation.ts";
import { parsePromptWeights } from "./prompt-weights.ts";

type Pieces = [text: string, weight: number][];
interface Row {
  prompt: string;
  shown: string;
  parts: { weight: number; segments: [end: number, text: string, pieces: Pieces][] }[];
}

const rows: Row[] = JSON.parse(readFileSync(new URL("fixtures/prompts.fixture.json", import.meta.url), "utf8"));

function piecesOf(text: string): Pieces {
  return parsePromptWeights(text).map((piece) =>
    piece.kind === "break" ? ["BREAK", -1] : [piece.text, Number(piece.weight.toPrecision(9))],
  );
}

describe("preparePrompt", () => {
  it("compares at least 300 prompts", () => expect(rows.length).toBeGreaterThanOrEqual(300));

  it.each(rows)("reads $prompt", ({ prompt, shown, parts }) => {
    const prepared = preparePrompt(prompt, { role: "positive", steps: 10 });
    expect(prepared.shown).toBe(shown);
    const got = prepared.parts.map(({ weight, segments }) => ({
      weight,
      segments: segments.map(({ endAtStep, text }) => [endAtStep, text, piecesOf(text)]),
    }));
    const rounded = parts.map(({ weight, segments }) => ({
      weight,
      segments: segments.map(([end, text, pieces]) => [
        end,
        text,
        pieces.map(([piece, w]) => [piece, Number(w.toPrecision(9))]),
      ]),
    }));
    expect(got).toEqual(rounded);
  });
});
