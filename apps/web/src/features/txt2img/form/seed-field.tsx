/** @file The seed, with A1111's two buttons: a new one each time, and the last one again. */
import { ActionIcon, NumberInput, Tooltip } from "@mantine/core";
import type { ReactNode } from "react";
import type { Field } from "../../../ui/fields/field.ts";
import { DiceIcon, RecycleIcon } from "../txt2img-icons.tsx";

export function SeedField({ field, lastSeed }: { field: Field<number>; lastSeed: number | null }): ReactNode {
  return (
    <NumberInput
      label={field.label}
      name={field.name}
      value={field.value}
      error={field.error}
      hideControls
      allowDecimal={false}
      clampBehavior="none"
      inputMode="numeric"
      classNames={{ input: "lx-numbers" }}
      rightSectionWidth={64}
      onChange={(value) => field.onChange(value as number)}
      rightSection={
        <>
          <Tooltip label="Random seed (-1)">
            <ActionIcon variant="subtle" color="gray" aria-label="Random seed" onClick={() => field.onChange(-1)}>
              <DiceIcon />
            </ActionIcon>
          </Tooltip>
          <Tooltip
            label={lastSeed === null ? "No picture yet to take a seed from" : `Seed of the picture shown: ${lastSeed}`}
          >
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label="Use the seed of the picture shown"
              disabled={lastSeed === null}
              onClick={() => lastSeed !== null && field.onChange(lastSeed)}
            >
              <RecycleIcon />
            </ActionIcon>
          </Tooltip>
        </>
      }
    />
  );
}
