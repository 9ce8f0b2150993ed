/** @file What a training's previews take from txt2img's settings. */
import { expect, it } from "vitest";
import { previewFrom } from "./reuse-settings.ts";

it("leaves out of a preview what was not said", () => {
  expect(previewFrom({ prompt: "a", seed: 3 })).toEqual({ previewPrompt: "a", previewSeed: 3 });
});
