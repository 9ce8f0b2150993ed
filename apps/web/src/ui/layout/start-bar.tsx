/** @file The one filled button of a tab, its shortcut, and the line that says what a start will do. */
import { Button } from "@mantine/core";
import { useEffect, type ReactNode } from "react";
import styles from "./start-bar.module.css";

export interface StartBarProps {
  label: string;
  onStart: () => void;
  /** False if Ctrl+Enter must not start: a second press after a start would mean something else by then. */
  hasShortcut?: boolean;
  busy?: boolean;
  disabled?: boolean;
  /** What a start will do, or why it cannot: one line. */
  line: ReactNode;
  /** `problem` if the line says why a start cannot work. */
  tone?: "plain" | "problem";
  /** Smaller buttons beside the start button, such as Stop. */
  aside?: ReactNode;
}

export function StartBar(props: StartBarProps): ReactNode {
  const { label, onStart, hasShortcut = true, busy = false, disabled = false, line, tone = "plain", aside } = props;
  useEffect(() => {
    function onKey(event: KeyboardEvent): void {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
      // In a dialog, Enter belongs to the dialog.
      const inDialog = event.target instanceof Element && event.target.closest('[role="dialog"]') !== null;
      if (!hasShortcut || disabled || busy || inDialog) return;
      event.preventDefault();
      // A key that is held down starts one job.
      if (!event.repeat) onStart();
    }
    globalThis.addEventListener("keydown", onKey);
    return () => globalThis.removeEventListener("keydown", onKey);
  });
  return (
    <div>
      <div className={styles["buttons"]}>
        <Button
          size="md"
          className={styles["button"] ?? ""}
          title={label}
          loading={busy}
          disabled={disabled}
          onClick={onStart}
          aria-keyshortcuts={hasShortcut ? "Control+Enter" : undefined}
          rightSection={
            hasShortcut && (
              <kbd aria-hidden className={styles["keys"]}>
                Ctrl Enter
              </kbd>
            )
          }
        >
          <span className={styles["label"]}>{label}</span>
        </Button>
        {aside}
      </div>
      <p className={styles["line"]} data-tone={tone} role="status">
        {line}
      </p>
    </div>
  );
}
