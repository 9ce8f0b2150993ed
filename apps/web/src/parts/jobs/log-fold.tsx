/** @file A job's log, folded away until it is opened. */
import { Collapse, UnstyledButton } from "@mantine/core";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { useJobLog } from "../../state/jobs.ts";
import { ChevronIcon } from "../../ui/icons/icons.tsx";
import styles from "./log-fold.module.css";

export function LogFold({ jobId, title = "Log" }: { jobId: string; title?: string }): ReactNode {
  const lines = useJobLog(jobId);
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLPreElement>(null);
  const atEnd = useRef(true);
  useEffect(() => {
    if (box.current && atEnd.current) box.current.scrollTop = box.current.scrollHeight;
  }, [lines, open]);
  return (
    <div>
      <UnstyledButton className={styles["toggle"] ?? ""} aria-expanded={open} onClick={() => setOpen(!open)}>
        <ChevronIcon turned={open} />
        {title}
      </UnstyledButton>
      <Collapse expanded={open}>
        <pre
          ref={box}
          className={styles["lines"]}
          tabIndex={0}
          aria-label={title}
          onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
            atEnd.current = scrollHeight - scrollTop - clientHeight < 24;
          }}
        >
          {lines.length === 0 ? "The log is empty." : lines.join("\n")}
        </pre>
      </Collapse>
    </div>
  );
}
