/** @file Searching and grouping the checkpoint list. */
import type { Checkpoint } from "@lexeme/protocol";
import { expect, it } from "vitest";
import { displayName, groupCheckpoints } from "./checkpoint-list.ts";

function checkpoint(name: string, more: Partial<Checkpoint> = {}): Checkpoint {
  return {
    name,
    path: `/models/${name}`,
    sizeBytes: 1,
    modifiedAt: 0,
    family: "sd1",
    dialect: "clip",
    precision: "fp16",
    resolution: { width: 512, height: 512 },
    textWidth: 768,
    networkSizes: null,
    predictionType: "epsilon",
    shortHash: null,
    sha256: null,
    unsupportedReason: null,
    isDemo: false,
    ...more,
  };
}

const ALL = [
  checkpoint("anime/v2/dream-8.safetensors", { sha256: "879db523c3aa" }),
  checkpoint("base.ckpt", { precision: "fp32" }),
  checkpoint("anime/v2/other.safetensors"),
  checkpoint("xl/turbo.safetensors", { family: "sdxl", unsupportedReason: "it is SDXL" }),
];

function found(search: string): Record<string, string[]> {
  return Object.fromEntries(
    groupCheckpoints(ALL, search).map(({ title, checkpoints }) => [title, checkpoints.map(displayName)]),
  );
}

it("groups by sub-folder, the folder itself first and what cannot be used last", () => {
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
