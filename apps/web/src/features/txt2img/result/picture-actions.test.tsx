/** @file The actions for a finished picture: its settings go into a training's previews, and refused settings are named. */
import { screen } from "@testing-library/react";
import { Toaster } from "sonner";
import { beforeEach, expect, test } from "vitest";
import { trainForm } from "../../../state/forms.ts";
import { draw, serve } from "../../../testing/page.ts";
import { PictureActions } from "./picture-actions.tsx";

function actionsOf(infotext: string) {
  return (
    <>
      <PictureActions path="/one.png" infotext={infotext} onDeleted={() => undefined} />
      <Toaster />
    </>
  );
}

beforeEach(() => void serve({}));

test("a picture's prompt and settings are used for previews, and an undo brings back the earlier ones", async () => {
  trainForm.patch({ embeddingName: "mira", previewPrompt: "earlier", previewSteps: 12 });
  const user = draw(actionsOf("a photo\nSteps: 25, Sampler: Heun, CFG scale: 6.5, Seed: 3"));
  await user.click(screen.getByText("Use as preview prompt"));
  expect(await screen.findByText("Trainings will now draw previews with this prompt and these settings")).toBeDefined();
  const used = { previewPrompt: "a photo", previewSteps: 25, previewSamplerName: "Heun", previewSeed: "3" };
  expect(trainForm.read().values).toMatchObject({ embeddingName: "mira", ...used });
  await user.click(screen.getByText("Undo"));
  expect(trainForm.read().values).toMatchObject({ previewPrompt: "earlier", previewSteps: 12 });
});

test("values that a training refuses are named, with the place where others are chosen", async () => {
  const user = draw(actionsOf("a photo\nSteps: 300, Sampler: Turbo, CFG scale: 7, Seed: 3, Clip skip: 99"));
  await user.click(screen.getByText("Use as preview prompt"));
  const said = await screen.findByText(/^Trainings will draw previews with this prompt, but cannot start yet/);
  expect(said.textContent).toContain("Sampling steps “300” cannot be used here: the range is 1 to 150. ");
  expect(said.textContent).toContain("Sampling method “Turbo” is not here. ");
  expect(said.textContent).toContain("Choose other values in Train, under Previews");
  expect(said.textContent).not.toContain("99");
});
