/** @file Rare fields behind one fold that shows a dot while a field in it differs from its default. */
import { Button, Collapse, UnstyledButton } from "@mantine/core";
import type { ReactNode } from "react";
import { ChevronIcon } from "../icons/icons.tsx";
import styles from "./advanced-fold.module.css";

export interface AdvancedFoldProps {
  title?: string;
  open: boolean;
  onToggle: () => void;
  /** How many fields inside differ from their defaults. */
  changed: number;
  onReset: () => void;
  children: ReactNode;
}

export function AdvancedFold(props: AdvancedFoldProps): ReactNode {
  const { title = "Advanced", open, onToggle, changed, onReset, children } = props;
  return (
    <div className={styles["fold"]}>
      <div className={styles["head"]}>
        <UnstyledButton className={styles["toggle"] ?? ""} aria-expanded={open} onClick={onToggle}>
          <ChevronIcon turned={open} />
          <span>{title}</span>
          {changed > 0 ? (
            <span className={styles["dot"]} title={`${changed} changed`}>
              <span className={styles["hidden"]}>{changed} changed</span>
            </span>
          ) : null}
        </UnstyledButton>
        {changed > 0 ? (
          <Button variant="subtle" size="compact-xs" onClick={onReset}>
            Reset to defaults
          </Button>
        ) : null}
      </div>
      <Collapse expanded={open}>
        <div className={styles["body"]}>{children}</div>
      </Collapse>
    </div>
  );
}
