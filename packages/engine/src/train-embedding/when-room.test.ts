/** @file Waiting for space at the end of a training. */
import { LexemeError } from "@lexeme/core";
import { expect, test } from "vitest";
import { recordingPorts } from "../testing.ts";
import { whenRoom } from "./when-room.ts";

test("a training that waits for space tries again after each wait, and all its waits are no time of work", async () => {
  let [tries, waits] = [0, 0];
  const phases: string[] = [];
  // The clock of this test counts the waits and skips them.
  const clock = { waiting: () => Promise.resolve(void waits++) };
  const written = await whenRoom(
    { ports: { ...recordingPorts(), clock }, progress: { phase: (phase) => phases.push(phase) } },
    async () => {
      if (++tries < 4) throw new LexemeError("DISK_FULL");
      return "written";
    },
  );
  expect({ written, tries, waits, phases }).toEqual({
    written: "written",
    tries: 4,
    waits: 3,
    phases: ["waiting-for-space"],
  });
});
