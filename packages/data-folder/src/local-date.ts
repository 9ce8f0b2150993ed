/** @file Dates in file and folder names, in the machine's local time, as A1111 writes them. */

/** `2026-11-24`. */
export function localDay(date: Date): string {
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** `2026-11-24-17-05-09`. */
export function localSecond(date: Date): string {
  return `${localDay(date)}-${two(date.getHours())}-${two(date.getMinutes())}-${two(date.getSeconds())}`;
}

/** `2026-11-24 17:05:09`. */
export function localDateTime(date: Date): string {
  return `${localDay(date)} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}
