/** @file Keys of the prompt's editor: weights, order, and names that are completed. */
import { screen } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { txt2imgForm } from "../../state/forms.ts";
import { draw, serve } from "../../testing/page.ts";
import { embeddingRow } from "../../testing/rows.ts";
import { FormPrompt } from "./form-prompt.tsx";

const EDITOR = <FormPrompt form={txt2imgForm} name="prompt" />;

beforeEach(() => {
  txt2imgForm.reset();
  serve({ listEmbeddings: [embeddingRow("mira"), embeddingRow("mirror"), embeddingRow("anna")] });
});

function editor(): HTMLTextAreaElement {
  return screen.getByLabelText("Prompt");
}

const prompt = (): string => txt2imgForm.read().values.prompt;

test("Ctrl+Up and Ctrl+Down change the weight of the selected words, which stay selected", async () => {
  txt2imgForm.patch({ prompt: "a red coat" });
  const user = draw(EDITOR);
  await user.click(editor());
  editor().setSelectionRange(2, 10);
  await user.keyboard("{Control>}{ArrowUp}{ArrowUp}{/Control}");
  expect(prompt()).toBe("a (red coat:1.2)");
  expect(editor().value.slice(editor().selectionStart, editor().selectionEnd)).toBe("red coat");
  await user.keyboard("{Control>}{ArrowDown}{ArrowDown}{/Control}");
  expect(prompt()).toBe("a red coat");
});

test("without a selection the keys change the word at the caret", async () => {
  txt2imgForm.patch({ prompt: "a red coat" });
  const user = draw(EDITOR);
  await user.click(editor());
  editor().setSelectionRange(4, 4);
  await user.keyboard("{Control>}{ArrowDown}{/Control}");
  expect(prompt()).toBe("a (red:0.9) coat");
});

test("names of embeddings are offered while they are typed, and Enter takes the chosen one", async () => {
  const user = draw(EDITOR);
  await user.type(editor(), "a photo of mir");
  expect((await screen.findAllByRole("option")).map(({ textContent }) => textContent)).toEqual(["mira", "mirror"]);
  await user.keyboard("{ArrowDown}{Enter}");
  expect(prompt()).toBe("a photo of mirror");
  expect(screen.queryByRole("listbox")).toBeNull();
});
