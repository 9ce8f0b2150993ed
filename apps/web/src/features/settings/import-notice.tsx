/** @file The values of A1111's `config.json` that are not used here, each with the reason. */
import { Button } from "@mantine/core";
import type { OptionsState } from "@lexeme/protocol";
import type { ReactNode } from "react";
import { refresh } from "../../api/queries.ts";
import { Notice } from "../../ui/feedback/notice.tsx";
import styles from "./settings.module.css";

export function ImportNotice({ state }: { state: Pick<OptionsState, "notTaken" | "importFault"> }): ReactNode {
  const { notTaken, importFault } = state;
  if (importFault === null && notTaken.length === 0) return null;
  return (
    <Notice
      tone="warning"
      action={
        <Button variant="default" size="compact-sm" onClick={() => void refresh("getOptions")}>
          Read it again
        </Button>
      }
    >
      {importFault ??
        "These values of A1111's config.json cannot be used here; where nothing was changed here, the default stands:"}
      {notTaken.length === 0 ? null : (
        <ul className={styles["notTaken"]}>
          {notTaken.map(({ name, value, reason }) => (
            <li key={name}>
              <code>
                {name}: {value}
              </code>{" "}
              {reason}
            </li>
          ))}
        </ul>
      )}
    </Notice>
  );
}
