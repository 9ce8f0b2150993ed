/** @file The text of a result area while there are no results: which results will be here, and how to get them. */
import type { ReactNode } from "react";
import styles from "./empty-state.module.css";

export function EmptyState(props: {
  icon?: ReactNode;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}): ReactNode {
  return (
    <div className={styles["empty"]}>
      {props.icon === undefined ? null : <div className={styles["icon"]}>{props.icon}</div>}
      <p className={styles["title"]}>{props.title}</p>
      {props.children === undefined ? null : <div className={styles["text"]}>{props.children}</div>}
      {props.action === undefined ? null : <div className={styles["action"]}>{props.action}</div>}
    </div>
  );
}
