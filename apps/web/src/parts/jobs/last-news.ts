/** @file Marks a running job's numbers as old while the page has no connection: it cannot know whether the job goes on. */
import { useLostSince } from "../../state/connection.ts";
import { formatTime } from "../../ui/text/format.ts";

/** Puts "As of 03:12: " before the numbers of a running job while the connection is lost. */
export function useLastNews(): (numbers: string) => string {
  const lostSince = useLostSince();
  return (numbers) => (lostSince === null ? numbers : `As of ${formatTime(lostSince)}: ${numbers}`);
}
