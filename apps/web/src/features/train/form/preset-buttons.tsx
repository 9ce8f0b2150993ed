/** @file The three starting points as buttons; the one whose values are in the form is marked. */
import { Button, Tooltip } from "@mantine/core";
import type { ReactNode } from "react";
import type { TrainForm } from "./train-form.ts";
import { TRAINING_PRESETS, type TrainingPreset } from "./training-presets.ts";
import styles from "../train.module.css";

export function PresetButtons({ form }: { form: TrainForm }): ReactNode {
  return (
    <div className={styles["presets"]} role="group" aria-label="Presets">
      {TRAINING_PRESETS.map((preset) => (
        <Tooltip key={preset.name} label={preset.purpose} multiline maw={280}>
          <Button
            size="compact-sm"
            variant={isActive(preset, form.values) ? "light" : "default"}
            aria-pressed={isActive(preset, form.values)}
            onClick={() => form.patch(preset.settings)}
          >
            {preset.name}
          </Button>
        </Tooltip>
      ))}
    </div>
  );
}

function isActive(preset: TrainingPreset, values: TrainForm["values"]): boolean {
  return Object.entries(preset.settings).every(([name, value]) => values[name as keyof typeof values] === value);
}
