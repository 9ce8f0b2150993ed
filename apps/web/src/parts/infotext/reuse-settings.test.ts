// @vitest-environment happy-dom
/** @file Settings out of an infotext in the forms of txt2img and of a training's previews. */
import { expect, it } from "vitest";
import { trainForm, txt2imgForm } from "../../state/forms.ts";
import { previewFrom, reuseAsPreview, reuseInTxt2img } from "./reuse-settings.ts";

const LIBRARY = { checkpoints: [], checkpoint: null, vaes: [], vae: "Automatic", embeddings: [], upscalers: null };

it("leaves settings out of a preview that the text does not give", () => {
  expect(previewFrom({ prompt: "a", seed: "3" })).toEqual({ previewPrompt: "a", previewSeed: "3" });
});

it("keeps every digit of a seed", () => {
  const infotext = "a\nSteps: 20, Sampler: Euler, CFG scale: 7, Seed: 12345678901234567890";
  reuseInTxt2img(infotext, { library: LIBRARY });
  expect(txt2imgForm.read().settings).toMatchObject({ seed: "12345678901234567890" });
  reuseAsPreview(infotext);
  expect(trainForm.read().values.previewSeed).toBe("12345678901234567890");
});

it("shows a refused value in its field with the reason, and not the earlier value", () => {
  txt2imgForm.patch({ seed: "5", steps: 12, samplerName: "Heun" });
  const infotext = "a\nSteps: 300, Sampler: Turbo, CFG scale: 7, Seed: 18446744073709551616";
  const { undo } = reuseInTxt2img(infotext, { library: LIBRARY });
  const { values, settings, errors } = txt2imgForm.read();
  expect(values).toMatchObject({ seed: "18446744073709551616", steps: 300, samplerName: "Turbo", cfgScale: 7 });
  expect(settings).toBeNull();
  expect(errors).toEqual({
    seed: "A whole number from -9223372036854775808 to 18446744073709551615 is needed",
    steps: "At most 150",
    samplerName: "Choose a value from the list",
  });
  undo();
  expect(txt2imgForm.read().settings).toMatchObject({ seed: "5", steps: 12, samplerName: "Heun" });
});

it("removes the files of an earlier text, even if this text's steps are refused; a prompt alone keeps them", () => {
  const files = { checkpoint: "earlier.safetensors", vae: "earlier-vae.safetensors" };
  txt2imgForm.patch(files);
  reuseInTxt2img("only a prompt", { library: LIBRARY });
  expect(txt2imgForm.read().values).toMatchObject(files);
  reuseInTxt2img("a\nSteps: 300, Sampler: Euler, CFG scale: 7, Seed: 1", { library: LIBRARY });
  expect(txt2imgForm.read().values).toMatchObject({ checkpoint: null, vae: "Automatic" });
});
