/** @file The shape every tab has: a quiet column of settings with its start button, and beside it the pictures. */
import type { ComponentProps, ReactNode } from "react";
import styles from "./tab-layout.module.css";

export interface TabLayoutProps extends ComponentProps<"div"> {
  /** Name of the tab, for screen readers. */
  title: string;
  settings: ReactNode;
  /** The start bar, in sight beside the settings; on a phone at the bottom of the screen. */
  start?: ReactNode;
  /** On a phone, leaves the whole screen to the results where these are scrolled into view: the start bar stays with the settings. */
  startGivesWay?: boolean;
  /** The results, shown beside the settings. */
  children: ReactNode;
}

/** `data-over` marks the whole tab as the place to drop a file. */
export function TabLayout(props: TabLayoutProps): ReactNode {
  const { title, settings, start, startGivesWay = false, children, ...rest } = props;
  return (
    <div {...rest} className={styles["tab"]}>
      <h1 className={styles["title"]}>{title}</h1>
      <section className={styles["settings"]} aria-label={`${title} settings`}>
        <div className={styles["fields"]}>{settings}</div>
        {start === undefined ? null : (
          <div className={styles["start"]} data-gives-way={startGivesWay}>
            {start}
          </div>
        )}
      </section>
      {/* Reachable by keyboard so that it can be scrolled even while nothing in it can be focused. */}
      <section className={styles["results"]} aria-label={`${title} results`} tabIndex={0}>
        {children}
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
