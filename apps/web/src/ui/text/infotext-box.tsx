/** @file A picture's infotext, as A1111 writes it, to be read and copied. */
import { ActionIcon, Tooltip } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import type { ReactNode } from "react";
import { CheckIcon, CopyIcon } from "../icons/icons.tsx";
import styles from "./infotext-box.module.css";

export function InfotextBox({ infotext }: { infotext: string }): ReactNode {
  const clipboard = useClipboard({ timeout: 1500 });
  const label = clipboard.copied ? "Copied" : "Copy infotext";
  return (
    <div className={styles["box"]}>
      <pre className={styles["text"]} data-testid="infotext">
        {infotext}
      </pre>
      <Tooltip label={label}>
        <ActionIcon variant="subtle" color="gray" aria-label={label} onClick={() => clipboard.copy(infotext)}>
          {clipboard.copied ? <CheckIcon /> : <CopyIcon />}
        </ActionIcon>
      </Tooltip>
    </div>
  );
}
