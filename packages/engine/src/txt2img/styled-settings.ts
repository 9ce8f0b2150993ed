/** @file Adds the styles to the prompts of txt2img's settings before anything else reads the prompts, as in A1111. */
import { applyStyles, type PromptStyle } from "@lexeme/domain/styles";
import type { Txt2imgSettings } from "@lexeme/domain/settings";

/** `styles` are the styles that the settings name. They are added to the second pass' prompts too; an empty prompt still means the first pass' prompt. */
export function styledSettings(settings: Txt2imgSettings, styles: readonly PromptStyle[]): Txt2imgSettings {
  if (styles.length === 0) return settings;
  const { hrPrompt, hrNegativePrompt } = settings;
  const second = applyStyles({ prompt: hrPrompt, negativePrompt: hrNegativePrompt }, styles);
  return {
    ...settings,
    ...applyStyles(settings, styles),
    hrPrompt: hrPrompt === "" ? "" : second.prompt,
    hrNegativePrompt: hrNegativePrompt === "" ? "" : second.negativePrompt,
  };
}
