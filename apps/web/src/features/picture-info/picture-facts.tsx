/** @file The infotext of a picture: prompts, parameters as a table, differences to this Lexeme, and the text as written. */
import { ActionIcon, Tooltip } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import type { PictureInfo } from "@lexeme/protocol";
import type { ReactNode } from "react";
import type { InfotextNote, NoteField } from "../../parts/infotext/infotext-note.ts";
import { CheckIcon, CopyIcon } from "../../ui/icons/icons.tsx";
import { InfotextBox } from "../../ui/text/infotext-box.tsx";
import { InfotextNotes } from "../../parts/infotext/infotext-notes.tsx";
import { Notice } from "../../ui/feedback/notice.tsx";
import { Section } from "../../ui/layout/tab-layout.tsx";
import { tableRows } from "./table-rows.ts";
import styles from "./picture-info.module.css";

export interface PictureFactsProps {
  info: PictureInfo;
  notes: readonly InfotextNote[];
  /** The value that a field will hold. */
  valueOf: (field: NoteField) => unknown;
  onChoose: (field: NoteField, value: string) => void;
}

export function PictureFacts({ info, notes, valueOf, onChoose }: PictureFactsProps): ReactNode {
  const { kind, infotext, prompt, negativePrompt } = info;
  if (kind === "workflow") {
    return (
      <Notice>
        {info.program === "InvokeAI" || info.program === "NovelAI"
          ? `${info.program} made this picture and stored its settings in a form of its own, which cannot be read here. Open the picture in ${info.program}.`
          : "This picture holds a ComfyUI workflow and no infotext, so its settings cannot be read here. Open it in ComfyUI, or save it there with a node that writes A1111’s parameters."}
      </Notice>
    );
  }
  if (kind === "none" || infotext === null) {
    return (
      <Notice>
        {info.width === 0
          ? "This text holds no settings: an infotext ends in a line such as “Steps: 20, Sampler: Euler a, CFG scale: 7”."
          : "This picture does not say how it was made. Programs that edit pictures and most websites remove such texts; the original file may still have its text."}
      </Notice>
    );
  }
  return (
    <div className={styles["facts"]}>
      <InfotextNotes notes={notes} valueOf={valueOf} onChoose={onChoose} />
      <Section title="Prompt" aside={<CopyButton text={prompt} label="Copy prompt" />}>
        <p className={styles["prompt"]}>{prompt === "" ? <em>empty</em> : prompt}</p>
      </Section>
      {negativePrompt === "" ? null : (
        <Section title="Negative prompt" aside={<CopyButton text={negativePrompt} label="Copy negative prompt" />}>
          <p className={styles["prompt"]}>{negativePrompt}</p>
        </Section>
      )}
      <Section title="Parameters">
        <dl className={styles["table"]}>
          {tableRows(info).map(([key, value]) => (
            <div key={key}>
              <dt>{key}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </Section>
      <Section title="As written">
        <InfotextBox infotext={infotext} />
      </Section>
    </div>
  );
}

function CopyButton({ text, label }: { text: string; label: string }): ReactNode {
  const clipboard = useClipboard({ timeout: 1500 });
  const said = clipboard.copied ? "Copied" : label;
  return (
    <Tooltip label={said}>
      <ActionIcon variant="subtle" color="gray" size="sm" aria-label={said} onClick={() => clipboard.copy(text)}>
        {clipboard.copied ? <CheckIcon /> : <CopyIcon />}
      </ActionIcon>
    </Tooltip>
  );
}
