/** @file Numbers, times and sizes as a person reads them. */

const COUNT = new Intl.NumberFormat("en");

/** 1240 -> "1,240". */
export function formatCount(value: number): string {
  return COUNT.format(value);
}

/** A reason that usually follows a colon, such as "its vectors are …", as a sentence that stands alone. */
export function asSentence(reason: string): string {
  return reason.charAt(0).toUpperCase() + reason.slice(1);
}

/** "1 picture", "14 pictures". */
export function formatPlural(value: number, one: string, many: string = `${one}s`): string {
  return `${formatCount(value)} ${value === 1 ? one : many}`;
}

/** Seconds as "8 s", "4 min", "2 h 31 min". */
export function formatDuration(seconds: number): string {
  if (seconds < 1) return "under 1 s";
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return rest === 0 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 60)} h ${rest} min`;
}

/** An estimate in seconds as "about 4 min"; "under 1 s" needs no about. */
export function formatAbout(seconds: number): string {
  return seconds < 1 ? formatDuration(seconds) : `about ${formatDuration(seconds)}`;
}

/** Seconds a step as "74 ms/step" or "2.4 s/step"; never as "13.5 steps/s", because the unit would then change while the user watches. */
export function formatRate(secondsPerStep: number, unit = "step"): string {
  if (secondsPerStep < 0.995) return `${Math.round(secondsPerStep * 1000)} ms/${unit}`;
  return `${secondsPerStep.toFixed(1)} s/${unit}`;
}

/** Bytes in SI units: "47 MB", "2.1 GB". */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ["kB", "MB", "GB", "TB"];
  const power = Math.min(units.length, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${units[power - 1]}`;
}

/** "just now", "3 min ago", "yesterday", "12 Nov 2026". `when` and `now` in milliseconds since the epoch. */
export function formatWhen(when: number, now: number = Date.now()): string {
  const seconds = (now - when) / 1000;
  if (seconds < 45) return "just now";
  if (seconds < 3600) return `${Math.max(1, Math.round(seconds / 60))} min ago`;
  if (seconds < 86_400) return `${Math.round(seconds / 3600)} h ago`;
  if (seconds < 172_800) return "yesterday";
  return new Date(when).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" });
}

/** The time of day: "03:12". */
export function formatTime(when: number): string {
  return new Date(when).toLocaleTimeString("en-GB", { timeStyle: "short" });
}

/** The full date and time, for a tooltip. */
export function formatDate(when: number): string {
  return new Date(when).toLocaleString("en-GB", { dateStyle: "full", timeStyle: "short" });
}

/** "Today", "Yesterday", or the day written out. `day` is `2026-11-24`, in the server's own time. */
export function dayTitle(day: string, now: Date): string {
  const date = new Date(`${day}T12:00:00`);
  if (Number.isNaN(date.getTime())) return day;
  const noon = new Date(now);
  noon.setHours(12, 0, 0, 0);
  const daysAgo = Math.round((noon.getTime() - date.getTime()) / 86_400_000);
  if (daysAgo === 0) return "Today";
  if (daysAgo === 1) return "Yesterday";
  return date.toLocaleDateString("en-GB", { weekday: "long", day: "numeric", month: "long", year: "numeric" });
}
