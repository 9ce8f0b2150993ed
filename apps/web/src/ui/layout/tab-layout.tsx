/** @file The shape every tab has: a quiet column of settings with its start button, and beside it the pictures. */
import type { ReactNode } from "react";
import styles from "./tab-layout.module.css";

export function TabLayout(props: {
  /** Name of the tab, for screen readers. */
  title: string;
  settings: ReactNode;
  /** The start bar, always in sight. */
  start?: ReactNode;
  /** The results, shown beside the settings. */
  children: ReactNode;
}): ReactNode {
  return (
    <div className={styles["tab"]}>
      <h1 className={styles["title"]}>{props.title}</h1>
      <section className={styles["settings"]} aria-label={`${props.title} settings`}>
        <div className={styles["fields"]}>{props.settings}</div>
        {props.start === undefined ? null : <div className={styles["start"]}>{props.start}</div>}
      </section>
      {/* Reachable by keyboard so that it can be scrolled even while nothing in it can be focused. */}
      <section className={styles["results"]} aria-label={`${props.title} results`} tabIndex={0}>
        {props.children}
      </section>
    </div>
  );
}

/** A row of fields side by side. */
export function FieldRow({ children }: { children: ReactNode }): ReactNode {
  return <div className={styles["row"]}>{children}</div>;
}

/** A titled group of fields, or of results. */
export function Section(props: { title: string; aside?: ReactNode; children: ReactNode }): ReactNode {
  return (
    <section className={styles["section"]} aria-label={props.title}>
      <div className={styles["sectionHead"]}>
        <h2>{props.title}</h2>
        {props.aside}
      </div>
      {props.children}
    </section>
  );
}
