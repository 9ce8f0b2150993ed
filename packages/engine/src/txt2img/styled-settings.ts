/** @file txt2img's settings with their styles put to the prompts, which A1111 does before anything else reads them. */
import { applyStyles, type PromptStyle } from "@lexeme/domain/styles";
import type { Txt2imgSettings } from "@lexeme/domain/settings";

/** `styles` are those that the settings name. A prompt of the second pass takes them too; an empty one goes on standing for the first's. */
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
