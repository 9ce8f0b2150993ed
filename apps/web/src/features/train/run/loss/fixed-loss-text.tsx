/** @file A sentence about the loss at fixed noise; a press shows the numbers behind it. */
import { Popover, UnstyledButton } from "@mantine/core";
import type { ReactNode } from "react";
import styles from "./fixed-loss-text.module.css";

export function FixedLossText({ sentence, figures }: { sentence: string; figures: string }): ReactNode {
  return (
    <Popover position="bottom-start" width={280} shadow="md">
      <Popover.Target>
        <UnstyledButton className={styles["sentence"] ?? ""}>{sentence}</UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown className={styles["figures"] ?? ""}>{figures}</Popover.Dropdown>
    </Popover>
  );
}
