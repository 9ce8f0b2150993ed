/** @file A sentence in a quiet box: a note, a warning, a failure; with a button that helps. */
import type { ReactNode } from "react";
import styles from "./notice.module.css";

export function Notice(props: {
  tone?: "note" | "good" | "warning" | "failure";
  children: ReactNode;
  action?: ReactNode;
}): ReactNode {
  const { tone = "note", children, action } = props;
  return (
    <div className={styles["notice"]} data-tone={tone} role={tone === "failure" ? "alert" : "status"}>
      <div className={styles["text"]}>{children}</div>
      {action === undefined ? null : <div className={styles["action"]}>{action}</div>}
    </div>
  );
}
