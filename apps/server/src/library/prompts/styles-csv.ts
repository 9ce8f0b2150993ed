/** @file CSV as Python's `csv` reads it with `skipinitialspace`, record by record with its text, so that a record that nobody changes stays to the letter. */

export interface CsvRecord {
  /** The record as it stands in the file, line end included. */
  readonly text: string;
  readonly fields: readonly string[];
  /** Number of its first line, from 1. */
  readonly line: number;
  /** False when a quote was never closed: then it reaches to the end of the file. */
  readonly isClosed: boolean;
}

/** Never fails. Joined, the texts of the records are the text that was read. */
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

/** One record, its line end left out. Quotes stand where the field could be read otherwise without. */
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

/** Up to the comma or the line end behind it. What follows a closing quote belongs to the field too. */
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
