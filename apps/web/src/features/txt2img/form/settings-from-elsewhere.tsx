/** @file What an infotext set in this form that no field below shows: another checkpoint or VAE than the header's; and what of it is not here. */
import { CloseButton } from "@mantine/core";
import type { Txt2imgSettingsSchema } from "@lexeme/domain/settings";
import type { ReactNode } from "react";
import { useSystem } from "../../../api/queries.ts";
import type { PersistentForm } from "../../../parts/form/persistent-form.ts";
import { clearReadingNotes, useReadingNotes } from "../../../parts/infotext/reuse-settings.ts";
import { InfotextNotes } from "../../../parts/infotext/infotext-notes.tsx";
import styles from "./txt2img-prompts.module.css";

export function SettingsFromElsewhere({ form }: { form: PersistentForm<typeof Txt2imgSettingsSchema> }): ReactNode {
  const { values, patch, reset, changedAmong, errors } = form;
  const notes = useReadingNotes();
  const system = useSystem().data;
  const hasOwnVae = changedAmong(["vae"]) > 0 && values.vae !== system?.vae;
  return (
    <>
      {values.checkpoint === null ? null : (
        <Override
          what="Checkpoint"
          name={values.checkpoint}
          error={errors["checkpoint"]}
          onRemove={() => reset(["checkpoint"])}
        />
      )}
      {hasOwnVae ? (
        <Override what="VAE" name={values.vae} error={errors["vae"]} onRemove={() => reset(["vae"])} />
      ) : null}
      <InfotextNotes
        notes={notes}
        valueOf={(field) => values[field]}
        onChoose={(field, value) => patch({ [field]: value })}
        onClose={clearReadingNotes}
      />
    </>
  );
}

function Override(props: { what: string; name: string; error: string | undefined; onRemove: () => void }): ReactNode {
  const { what, name, error, onRemove } = props;
  return (
    <div className={styles["override"]} role="group" aria-label={`${what} of this form`}>
      <span>
        {what} <strong>{name}</strong> instead of the header’s
        {error === undefined ? null : <span className={styles["overrideError"]}>{error}</span>}
      </span>
      <CloseButton size="sm" aria-label={`Use the header's ${what}`} onClick={onRemove} />
    </div>
  );
}
