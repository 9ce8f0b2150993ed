/** @file PNG Info: a picture's settings go into txt2img's form, and an undo takes them out again. */
import { screen } from "@testing-library/react";
import { Toaster } from "sonner";
import { beforeEach, expect, test } from "vitest";
import { txt2imgForm } from "../../state/forms.ts";
import { openInPictureInfo } from "../../state/picture-source.ts";
import { draw, serve } from "../../testing/page.ts";
import { PictureInfoPage } from "./picture-info-page.tsx";

const INFOTEXT =
  "a photo of mira\nNegative prompt: blurry\nSteps: 25, Sampler: Turbo, CFG scale: 6.5, Seed: 12345678901234567890, Size: 512x768";
const PAGE = (
  <>
    <PictureInfoPage />
    <Toaster />
  </>
);

beforeEach(() => {
  txt2imgForm.reset();
  serve({ listUpscalers: [] });
  openInPictureInfo({ kind: "infotext", infotext: INFOTEXT });
});

test("a picture's settings fill the form, and an undo brings back the earlier values", async () => {
  txt2imgForm.patch({ prompt: "a cat", steps: 12, samplerName: "Heun" });
  const before = txt2imgForm.read().values;
  const user = draw(PAGE);
  await screen.findByText("One thing is different here");
  await user.click(screen.getByText("Send to txt2img"));
  expect(location.pathname).toBe("/txt2img");
  expect(txt2imgForm.read().values).toMatchObject({
    prompt: "a photo of mira",
    negativePrompt: "blurry",
    steps: 25,
    cfgScale: 6.5,
    seed: "12345678901234567890",
    height: 768,
  });
  await user.click(await screen.findByText("Undo"));
  expect(txt2imgForm.read().values).toEqual(before);
});

test("a missing sampler is named, and the sampler chosen instead is sent", async () => {
  const user = draw(PAGE);
  expect(await screen.findByText("Sampling method “Turbo” is not here")).toBeDefined();
  await user.click(screen.getByLabelText("Sampling method to use instead", { selector: "input" }));
  await user.click(await screen.findByRole("option", { name: "Euler a" }));
  await user.click(screen.getByText("Send to txt2img"));
  expect(txt2imgForm.read().settings).toMatchObject({ samplerName: "Euler a", steps: 25 });
});

test("a value that is not here leaves the choice empty, so that the form's own value can be chosen", async () => {
  const user = draw(PAGE);
  const choice = await screen.findByLabelText<HTMLInputElement>("Sampling method to use instead", {
    selector: "input",
  });
  expect(choice.value).toBe("");
  await user.click(choice);
  await user.click(await screen.findByRole("option", { name: "DPM++ 2M" }));
  await user.click(screen.getByText("Send to txt2img"));
  expect(txt2imgForm.read().settings).toMatchObject({ samplerName: "DPM++ 2M", steps: 25 });
});
