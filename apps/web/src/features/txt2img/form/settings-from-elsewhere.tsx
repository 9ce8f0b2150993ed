/** @file The settings of an infotext that no field below shows: another checkpoint or VAE than the header's, and the parts that are missing here. */
import { CloseButton } from "@mantine/core";
import type { ReactNode } from "react";
import { useSystem } from "../../../api/queries.ts";
import { useField, useFormValues } from "../../../parts/form/use-form.ts";
import { txt2imgForm } from "../../../state/forms.ts";
import { clearReadingNotes, useReadingNotes } from "../../../parts/infotext/reuse-settings.ts";
import { InfotextNotes } from "../../../parts/infotext/infotext-notes.tsx";
import styles from "./txt2img-prompts.module.css";

export function SettingsFromElsewhere(): ReactNode {
  const checkpoint = useField(txt2imgForm, "checkpoint");
  const vae = useField(txt2imgForm, "vae");
  const notes = useReadingNotes();
  const chosen = useFormValues(txt2imgForm, (values) =>
    Object.fromEntries(notes.flatMap(({ choice }) => (choice ? [[choice.field, values[choice.field]]] : []))),
  );
  const system = useSystem().data;
  const hasOwnVae = !vae.isDefault && vae.value !== system?.vae;
  return (
    <>
      {checkpoint.value === null ? null : (
        <Override
          what="Checkpoint"
          name={checkpoint.value}
          error={checkpoint.error}
          onRemove={() => txt2imgForm.reset(["checkpoint"])}
        />
      )}
      {hasOwnVae ? (
        <Override what="VAE" name={vae.value} error={vae.error} onRemove={() => txt2imgForm.reset(["vae"])} />
      ) : null}
      <InfotextNotes
        notes={notes}
        valueOf={(field) => chosen[field]}
        onChoose={(field, value) => txt2imgForm.patch({ [field]: value })}
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
