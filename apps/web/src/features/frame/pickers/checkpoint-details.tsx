/** @file All known facts about one checkpoint, with its hashes and path to copy. */
import { ActionIcon, Tooltip } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import type { Checkpoint } from "@lexeme/protocol";
import type { ReactNode } from "react";
import { formatBytes, formatDate, formatWhen } from "../../../ui/text/format.ts";
import { CheckIcon, CopyIcon } from "../../../ui/icons/icons.tsx";
import { FAMILY_NAMES } from "../../../parts/checkpoints/family-names.ts";
import { displayName } from "./checkpoint-list.ts";
import styles from "./checkpoint-picker.module.css";

export function CheckpointDetails({ checkpoint }: { checkpoint: Checkpoint }): ReactNode {
  const { unsupportedReason, family, predictionType, precision, sizeBytes, resolution, modifiedAt } = checkpoint;
  const usable = unsupportedReason === null;
  return (
    <section className={styles["details"]} aria-label={`Details of ${displayName(checkpoint)}`}>
      <h2 className={styles["detailsTitle"]}>{displayName(checkpoint)}</h2>
      {usable ? null : <p className={styles["reason"]}>{unsupportedReason}</p>}
      <dl className={styles["facts"]}>
        <Fact name="Type">{FAMILY_NAMES[family]}</Fact>
        {usable ? (
          <>
            <Fact name="Predicts">
              {predictionType === null ? "known after its first use" : predictionType === "v" ? "v" : "noise (epsilon)"}
            </Fact>
            <Fact name="Picture size">
              {resolution.width} × {resolution.height}
            </Fact>
          </>
        ) : null}
        <Fact name="Precision">{precision}</Fact>
        <Fact name="Size">{formatBytes(sizeBytes)}</Fact>
        <Fact name="Changed">
          <span title={formatDate(modifiedAt)}>{formatWhen(modifiedAt)}</span>
        </Fact>
        <Fact name="Hash">
          <HashValue checkpoint={checkpoint} value={checkpoint.shortHash} label="Copy hash" />
        </Fact>
        <Fact name="sha256">
          <HashValue checkpoint={checkpoint} value={checkpoint.sha256} label="Copy sha256" />
        </Fact>
        <Fact name="File">
          <Copied text={checkpoint.path} label="Copy path" />
        </Fact>
      </dl>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }): ReactNode {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function HashValue(props: { checkpoint: Checkpoint; value: string | null; label: string }): ReactNode {
  const { checkpoint, value, label } = props;
  if (value !== null) return <Copied text={value} label={label} isCode />;
  // Folders and files that cannot be used are not hashed.
  const isComing = checkpoint.unsupportedReason === null && /\.(safetensors|ckpt)$/i.test(checkpoint.name);
  return <span className={styles["waiting"]}>{isComing ? "being computed" : "none"}</span>;
}

function Copied({ text, label, isCode = false }: { text: string; label: string; isCode?: boolean }): ReactNode {
  const clipboard = useClipboard({ timeout: 1500 });
  const said = clipboard.copied ? "Copied" : label;
  return (
    <span className={styles["copied"]}>
      {isCode ? <code>{text}</code> : <span>{text}</span>}
      <Tooltip label={said}>
        <ActionIcon variant="subtle" color="gray" size="sm" aria-label={said} onClick={() => clipboard.copy(text)}>
          {clipboard.copied ? <CheckIcon /> : <CopyIcon />}
        </ActionIcon>
      </Tooltip>
    </span>
  );
}
