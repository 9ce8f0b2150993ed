/** @file A1111's time stamps of jobs. */

/** `20260131235959`, in local time. */
export function localTimestamp(timeMs: number): string {
  const time = new Date(timeMs);
  const parts = [time.getMonth() + 1, time.getDate(), time.getHours(), time.getMinutes(), time.getSeconds()];
  return `${time.getFullYear()}${parts.map((part) => String(part).padStart(2, "0")).join("")}`;
}
