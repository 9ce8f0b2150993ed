/** @file Covers the page while files are held over it, and says what a drop does. */
import type { ReactNode } from "react";
import styles from "./drop-curtain.module.css";

export function DropCurtain({ children }: { children: ReactNode }): ReactNode {
  return <div className={styles["drop"]}>{children}</div>;
}
