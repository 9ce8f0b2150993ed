/** @file Reads CSV like Python's `csv` with `skipinitialspace`. Each record keeps its text, so that an unchanged record is written back exactly. */

export interface CsvRecord {
  /** The record's exact text in the file, including its line end. */
  readonly text: string;
  readonly fields: readonly string[];
  /** Number of the record's first line, from 1. */
  readonly line: number;
  /** False if a quote is never closed: then the record reaches to the end of the file. */
  readonly isClosed: boolean;
}

/** Never fails. The joined texts of the records are the whole text. */
export function parseCsv(text: string): CsvRecord[] {
  const records: CsvRecord[] = [];
  let line = 1;
  for (let at = 0; at < text.length;) {
    const record = readRecord(text, at);
    const raw = text.slice(at, record.end);
    records.push({ text: raw, fields: record.fields, line, isClosed: record.isClosed });
    line += raw.match(/\r\n|\r|\n/gu)?.length ?? 0;
    at = record.end;
  }
  return records;
}

/** One record without its line end. A field has quotes only if it would be read differently without them. */
export function formatCsv(fields: readonly string[]): string {
  return fields.map((field) => (/[",\r\n]|^\s/u.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(",");
}

function readRecord(text: string, start: number): { fields: string[]; end: number; isClosed: boolean } {
  const fields: string[] = [];
  let at = start;
  for (;;) {
    while (text[at] === " ") at++;
    const field = readField(text, at);
    fields.push(field.value);
    at = field.end;
    if (text[at] === ",") {
      at++;
      continue;
    }
    const lineEnd = /^(?:\r\n|\r|\n)/u.exec(text.slice(at, at + 2))?.[0] ?? "";
    // An empty line is a record without fields.
    const isEmpty = fields.length === 1 && at === start;
    return { fields: isEmpty ? [] : fields, end: at + lineEnd.length, isClosed: field.isClosed };
  }
}

/** Reads a field up to the next comma or line end. Text after a closing quote belongs to the field too. */
function readField(text: string, start: number): { value: string; end: number; isClosed: boolean } {
  let [value, at] = ["", start];
  if (text[at] === '"') {
    for (at++; ; at++) {
      if (at >= text.length) return { value, end: at, isClosed: false };
      if (text[at] !== '"') value += text[at];
      else if (text[at + 1] === '"') value += text[at++];
      else break;
    }
    at++;
  }
  const rest = /^[^,\r\n]*/u.exec(text.slice(at))?.[0] ?? "";
  return { value: value + rest, end: at + rest.length, isClosed: true };
}
