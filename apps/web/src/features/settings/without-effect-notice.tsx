/** @file The options of A1111 that are kept for programs and change nothing here. */
import type { OptionsState } from "@lexeme/protocol";
import type { ReactNode } from "react";
import { Notice } from "../../ui/feedback/notice.tsx";
import styles from "./settings.module.css";

export function WithoutEffectNotice({ state }: { state: Pick<OptionsState, "withoutEffect"> }): ReactNode {
  const entries = Object.entries(state.withoutEffect);
  if (entries.length === 0) return null;
  return (
    <Notice>
      These options of A1111 have no effect here. Lexeme keeps their values for programs that read them:
      <ul className={styles["notTaken"]}>
        {entries.map(([name, value]) => (
          <li key={name}>
            <code>
              {name}: {JSON.stringify(value)}
            </code>
          </li>
        ))}
      </ul>
    </Notice>
  );
}
