/** @file The three starting points as buttons; the preset whose values are in the form is marked. */
import { Button, Tooltip } from "@mantine/core";
import type { TrainSettings } from "@lexeme/domain/settings";
import type { ReactNode } from "react";
import { useFormValues } from "../../../parts/form/use-form.ts";
import { trainForm } from "../../../state/forms.ts";
import { TRAINING_PRESETS, type TrainingPreset } from "./training-presets.ts";
import styles from "../train.module.css";

export function PresetButtons(): ReactNode {
  const active = useFormValues(trainForm, (values) => TRAINING_PRESETS.find((preset) => isActive(preset, values)));
  return (
    <div className={styles["presets"]} role="group" aria-label="Presets">
      {TRAINING_PRESETS.map((preset) => (
        <Tooltip key={preset.name} label={preset.purpose} multiline maw={280}>
          <Button
            size="compact-sm"
            variant={preset === active ? "light" : "default"}
            aria-pressed={preset === active}
            onClick={() => trainForm.patch(preset.settings)}
          >
            {preset.name}
          </Button>
        </Tooltip>
      ))}
    </div>
  );
}

function isActive(preset: TrainingPreset, values: TrainSettings): boolean {
  return Object.entries(preset.settings).every(([name, value]) => values[name as keyof TrainSettings] === value);
}
