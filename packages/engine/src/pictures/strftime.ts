/** @file Formats dates with Python's format codes, for A1111's `[datetime<format><time zone>]`. */

/** A time on the wall clock of a time zone. */
interface WallClock {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
}

/** IANA's name of a time zone; undefined for an unknown name. */
export function knownTimeZone(name: string): string | undefined {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

/** Formats with codes such as `%Y-%m-%d`, with English names. A code that Python does not know is unchanged. The default is the machine's time zone. */
export function strftime(date: Date, format: string, timeZone?: string): string {
  const clock = wallClock(date, timeZone);
  const name = (options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat("en-US", { ...options, timeZone: "UTC" }).format(asUtc(clock));
  return format.replace(/%([a-zA-Z%])/gu, (whole, code: string) => {
    const { year, month, day, hour, minute, second, millisecond } = clock;
    const hour12 = hour % 12 === 0 ? 12 : hour % 12;
    switch (code) {
      case "Y":
        return pad(year, 4);
      case "y":
        return pad(year % 100);
      case "m":
        return pad(month);
      case "d":
        return pad(day);
      case "e":
        return String(day).padStart(2, " ");
      case "H":
        return pad(hour);
      case "I":
        return pad(hour12);
      case "M":
        return pad(minute);
      case "S":
        return pad(second);
      case "f":
        return pad(millisecond * 1000, 6);
      case "p":
        return hour < 12 ? "AM" : "PM";
      case "j":
        return pad(dayOfYear(clock), 3);
      case "a":
        return name({ weekday: "short" });
      case "A":
        return name({ weekday: "long" });
      case "b":
        return name({ month: "short" });
      case "B":
        return name({ month: "long" });
      case "w":
        return String(asUtc(clock).getUTCDay());
      case "s":
        return String(Math.floor(date.getTime() / 1000));
      case "F":
        return `${pad(year, 4)}-${pad(month)}-${pad(day)}`;
      case "T":
        return `${pad(hour)}:${pad(minute)}:${pad(second)}`;
      case "%":
        return "%";
      default:
        return whole;
    }
  });
}

function wallClock(date: Date, timeZone: string | undefined): WallClock {
  const format = new Intl.DateTimeFormat("en-US", {
    ...(timeZone !== undefined && { timeZone }),
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  const parts = new Map(format.formatToParts(date).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  return {
    year: part("year"),
    month: part("month"),
    day: part("day"),
    hour: part("hour"),
    minute: part("minute"),
    second: part("second"),
    millisecond: date.getMilliseconds(),
  };
}

function asUtc({ year, month, day }: WallClock): Date {
  return new Date(Date.UTC(year, month - 1, day));
}

function dayOfYear(clock: WallClock): number {
  return Math.round((asUtc(clock).getTime() - Date.UTC(clock.year, 0, 1)) / 86_400_000) + 1;
}

function pad(number: number, width = 2): string {
  return String(number).padStart(width, "0");
}
