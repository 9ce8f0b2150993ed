/** @file Searching and grouping the checkpoint list. */
import { expect, it } from "vitest";
import { checkpointRow } from "../../../testing/rows.ts";
import { displayName, groupCheckpoints } from "./checkpoint-list.ts";

const ALL = [
  checkpointRow("anime/v2/dream-8.safetensors", { sha256: "879db523c3aa" }),
  checkpointRow("base.ckpt", { precision: "fp32" }),
  checkpointRow("anime/v2/other.safetensors"),
  checkpointRow("xl/turbo.safetensors", { family: "sdxl", unsupportedReason: "it is SDXL" }),
];

function found(search: string): Record<string, string[]> {
  return Object.fromEntries(
    groupCheckpoints(ALL, search).map(({ title, checkpoints }) => [title, checkpoints.map(displayName)]),
  );
}

it("groups by sub-folder, the folder itself first and unusable checkpoints last", () => {
  expect(found("")).toEqual({
    "": ["base"],
    "anime/v2": ["dream-8", "other"],
    "Cannot be used here": ["turbo"],
  });
  expect(Object.keys(found("")).at(-1)).toBe("Cannot be used here");
});

it.each([
  ["DREAM", { "anime/v2": ["dream-8"] }],
  ["anime fp16", { "anime/v2": ["dream-8", "other"] }],
  ["879db523", { "anime/v2": ["dream-8"] }],
  ["sdxl", { "Cannot be used here": ["turbo"] }],
  ["nothing", {}],
])("finds %j by name, type and hash", (search, expected) => {
  expect(found(search)).toEqual(expected);
});
