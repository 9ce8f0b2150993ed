/** @file The fields of a schema that are left for the fold. */
import { expect, it } from "vitest";
import { z } from "zod";
import { restOf } from "./rest-fields.tsx";

it("every titled field that is not placed is left, in the schema's order", () => {
  const schema = z.object({
    prompt: z.string().default("").meta({ title: "Prompt" }),
    eta: z.number().min(0).max(1).default(0).meta({ title: "Eta" }),
    checkpoint: z.string().nullable().default(null),
    subseed: z.number().int().default(-1).meta({ title: "Variation seed" }),
  });
  expect(restOf(schema, ["prompt"])).toEqual(["eta", "subseed"]);
});
