/** @file A text for use elsewhere, such as a folder's path, with a button that copies it. */
import { ActionIcon, Tooltip } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import type { ReactNode } from "react";
import styles from "./copy-text.module.css";
import { CheckIcon, CopyIcon } from "../icons/icons.tsx";

export function CopyText({ text, label }: { text: string; label: string }): ReactNode {
  const clipboard = useClipboard({ timeout: 1500 });
  return (
    <div className={styles["box"]}>
      <code className={styles["text"]}>{text}</code>
      <Tooltip label={clipboard.copied ? "Copied" : label}>
        <ActionIcon variant="subtle" color="gray" aria-label={label} onClick={() => clipboard.copy(text)}>
          {clipboard.copied ? <CheckIcon /> : <CopyIcon />}
        </ActionIcon>
      </Tooltip>
    </div>
  );
}
