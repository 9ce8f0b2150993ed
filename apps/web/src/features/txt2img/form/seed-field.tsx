/** @file The seed, with A1111's two buttons: a random seed each time, and the seed of the picture shown. */
import { ActionIcon, Tooltip } from "@mantine/core";
import { RANDOM_SEED, type Seed } from "@lexeme/domain/settings";
import type { ReactNode } from "react";
import type { Field } from "../../../ui/fields/field.ts";
import { DigitsField } from "../../../ui/fields/fields.tsx";
import { DiceIcon, RecycleIcon } from "../txt2img-icons.tsx";

export function SeedField(props: { field: Field<string | number>; lastSeed: Seed | null }): ReactNode {
  const { field, lastSeed } = props;
  return (
    <DigitsField
      field={field}
      rightSection={
        <>
          <Tooltip label="Random seed (-1)">
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label="Random seed"
              onClick={() => field.onChange(RANDOM_SEED)}
            >
              <DiceIcon />
            </ActionIcon>
          </Tooltip>
          <Tooltip
            label={
              lastSeed === null
                ? "There is no picture yet to take a seed from"
                : `Seed of the picture shown: ${lastSeed}`
            }
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
