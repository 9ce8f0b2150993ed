/** @file Settings out of an infotext in the forms of txt2img and of a training's previews. */
import { act, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { FormDigits, FormNumber, FormSelect } from "../form/form-fields.tsx";
import { trainForm, txt2imgForm } from "../../state/forms.ts";
import { draw } from "../../testing/page.ts";
import { XYZ_SCRIPT } from "@lexeme/domain/plot";
import { NO_SCRIPT, scriptStore, setScript } from "../../state/script.ts";
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
  draw(
    <>
      <FormNumber form={txt2imgForm} name="steps" />
      <FormSelect form={txt2imgForm} name="samplerName" />
      <FormDigits form={txt2imgForm} name="seed" description={null} />
    </>,
  );
  const field = (label: string): HTMLInputElement => screen.getByLabelText(label, { selector: "input" });
  const values = (): string[] => ["Sampling steps", "Sampling method", "Seed"].map((label) => field(label).value);
  const infotext = "a\nSteps: 300, Sampler: Turbo, CFG scale: 7, Seed: 18446744073709551616";
  let undo = (): void => undefined;
  act(() => {
    ({ undo } = reuseInTxt2img(infotext, { library: LIBRARY }));
  });
  expect(values()).toEqual(["300", "Turbo (not here)", "18446744073709551616"]);
  expect(screen.getByText("At most 150")).toBeDefined();
  expect(screen.getByText("Choose a value from the list")).toBeDefined();
  expect(screen.getByText("A whole number from -9223372036854775808 to 18446744073709551615 is needed")).toBeDefined();
  expect(txt2imgForm.read().settings).toBeNull();
  act(undo);
  expect(values()).toEqual(["12", "Heun", "5"]);
});

it.each([
  ["many", "", "“many”: A number is needed here"],
  ["20.5", "20.5", "A whole number"],
])("Steps of %s are shown with the reason, though a number field cannot hold them", (steps, shown, reason) => {
  draw(<FormNumber form={txt2imgForm} name="steps" />);
  act(() => {
    reuseInTxt2img(`a\nSteps: ${steps}, Sampler: Euler, CFG scale: 7, Seed: 1`, { library: LIBRARY });
  });
  expect(screen.getByLabelText("Sampling steps")).toHaveProperty("value", shown);
  expect(screen.getByText(reason)).toBeDefined();
});

it("a picture that no script drew chooses no script, as in A1111; a prompt alone keeps the choice", () => {
  setScript(XYZ_SCRIPT);
  reuseInTxt2img("a", { library: LIBRARY });
  expect(scriptStore.getState().script).toBe(XYZ_SCRIPT);
  const { undo } = reuseInTxt2img("a\nSteps: 20, Sampler: Euler, CFG scale: 7, Seed: 1", { library: LIBRARY });
  expect(scriptStore.getState().script).toBe(NO_SCRIPT);
  undo();
  expect(scriptStore.getState().script).toBe(XYZ_SCRIPT);
});

it("removes the files of an earlier text, even if this text's steps are refused; a prompt alone keeps them", () => {
  const files = { checkpoint: "earlier.safetensors", vae: "earlier-vae.safetensors" };
  txt2imgForm.patch(files);
  reuseInTxt2img("only a prompt", { library: LIBRARY });
  expect(txt2imgForm.read().values).toMatchObject(files);
  reuseInTxt2img("a\nSteps: 300, Sampler: Euler, CFG scale: 7, Seed: 1", { library: LIBRARY });
  expect(txt2imgForm.read().values).toMatchObject({ checkpoint: null, vae: "Automatic" });
});
