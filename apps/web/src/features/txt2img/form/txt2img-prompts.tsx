/** @file txt2img's two prompts. An infotext in the prompt fills the form. */
import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { parseInfotext } from "@lexeme/domain/infotext";
import type { ReactNode } from "react";
import { useFormValues } from "../../../parts/form/use-form.ts";
import { txt2imgForm } from "../../../state/forms.ts";
import { FormPrompt } from "../../../parts/prompt/form-prompt.tsx";
import { showNote } from "../../../ui/feedback/toast.ts";
import { ReadBackIcon } from "../txt2img-icons.tsx";
import { useReadBack } from "./read-back.ts";
import { SettingsFromElsewhere } from "./settings-from-elsewhere.tsx";
import styles from "./txt2img-prompts.module.css";

export interface Txt2imgPromptsProps {
  placeholder: string;
  /** Infotext of the picture shown; A1111's button reads it while the prompt is empty. */
  lastInfotext: string | null;
}

export function Txt2imgPrompts({ placeholder, lastInfotext }: Txt2imgPromptsProps): ReactNode {
  const { fill } = useReadBack();
  const { holdsSettings, isEmpty } = useFormValues(txt2imgForm, ({ prompt }) => ({
    // The cheap check comes first: most prompts hold no settings, and some are long.
    holdsSettings: prompt.includes("Steps:") && parseInfotext(prompt).parameters.size > 0,
    isEmpty: prompt.trim() === "",
  }));

  function readPrompt(): void {
    if (!isEmpty && !holdsSettings) showNote("The prompt holds no settings to read");
    else if (!isEmpty) fill(txt2imgForm.read().values.prompt, "the prompt");
    else if (lastInfotext !== null) fill(lastInfotext, "the picture shown");
  }

  return (
    <div className={styles["prompts"]}>
      <FormPrompt
        form={txt2imgForm}
        name="prompt"
        placeholder={placeholder}
        minRows={4}
        actions={
          <Tooltip label={isEmpty ? "Settings of the picture shown" : "Read settings from the prompt"}>
            <ActionIcon
              variant="subtle"
              color="gray"
              size="sm"
              aria-label="Read settings from the prompt, or from the picture shown while the prompt is empty"
              disabled={isEmpty && lastInfotext === null}
              bg="transparent"
              onClick={readPrompt}
            >
              <ReadBackIcon />
            </ActionIcon>
          </Tooltip>
        }
      />
      {holdsSettings ? (
        <div className={styles["holdsSettings"]} role="status">
          <span>This prompt holds a picture’s settings.</span>
          <Button size="compact-xs" variant="default" onClick={readPrompt}>
            Read them into the form
          </Button>
        </div>
      ) : null}
      <FormPrompt form={txt2imgForm} name="negativePrompt" role="negative" minRows={2} />
      <SettingsFromElsewhere />
    </div>
  );
}
