/** @file A1111's time stamps of jobs. */
import { localSecond } from "@lexeme/data-folder";

/** `20260131235959`, in local time. */
export function jobTimestamp(timeMs: number): string {
  return localSecond(new Date(timeMs)).replaceAll("-", "");
}
