/** @file Every copy of every run, with its picture, its loss at fixed noise and its actions. */
import { ActionIcon, Badge, Button, Menu } from "@mantine/core";
import type { EmbeddingHistory, HistoryRun } from "@lexeme/protocol";
import { useMutation } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { fileUrl, thumbnailUrl } from "../../../api/client.ts";
import { trainForm } from "../../../state/forms.ts";
import { showError, showUndo } from "../../../ui/feedback/toast.ts";
import { MoreIcon } from "../../../ui/icons/icons.tsx";
import { Section } from "../../../ui/layout/tab-layout.tsx";
import { baseName } from "../../../ui/text/folder-path.ts";
import { formatCount } from "../../../ui/text/format.ts";
import { gainOf } from "./lineage.ts";
import { putCopy } from "./put-copy.ts";
import { rangeText } from "./run-words.ts";
import styles from "./copy-list.module.css";

type Copy = HistoryRun["copies"][number];

/** The most copies of a run that are shown before the user asks for all. */
const SHOWN = 6;

export interface CopyListProps {
  name: string;
  history: EmbeddingHistory;
  /** False while a training runs or waits, because its end would overwrite the chosen copy. */
  usable: boolean;
  /** Shows a copy's preview beside another. */
  onCompare: (previewPath: string) => void;
}

export function CopyList({ name, history, usable, onCompare }: CopyListProps): ReactNode {
  const runs = history.runs.filter(({ copies }) => copies.length > 0).toReversed();
  const use = useMutation({
    mutationFn: (path: string) => putCopy(name, path),
    onSuccess: ({ step, replacedCopy }) => {
      if (replacedCopy !== null) {
        const message = `${name} is now the copy of step ${formatCount(step ?? 0)}; what it was before is among the copies`;
        showUndo(message, () => use.mutate(replacedCopy));
      }
    },
    onError: showError,
  });
  if (runs.length === 0) return null;
  return (
    <Section title="Copies">
      {runs.map((run) => (
        <CopiesOfRun key={run.folder} run={run} title={runs.length > 1 ? rangeText(run, history.runs) : null}>
          {(copy) => (
            <CopyRow
              key={copy.path}
              copy={copy}
              gain={copy.fixedLoss?.isComparable === true ? gainOf(history, copy.fixedLoss.value) : null}
              isBest={copy.path === history.bestCopy}
              isUsed={copy.path === history.currentCopy}
              isPending={use.isPending && use.variables === copy.path}
              onUse={usable ? () => use.mutate(copy.path) : null}
              onCompare={onCompare}
            />
          )}
        </CopiesOfRun>
      ))}
    </Section>
  );
}

function CopiesOfRun(props: { run: HistoryRun; title: string | null; children: (copy: Copy) => ReactNode }): ReactNode {
  const { run, title, children } = props;
  const [isWhole, setWhole] = useState(false);
  const newestFirst = run.copies.toReversed();
  const shown = isWhole ? newestFirst : newestFirst.slice(0, SHOWN);
  return (
    <div>
      {title !== null && <h3 className={styles["run"]}>{title}</h3>}
      <ul className={styles["list"]}>{shown.map(children)}</ul>
      {shown.length < newestFirst.length && (
        <Button size="compact-sm" variant="subtle" mt={6} onClick={() => setWhole(true)}>
          Show all {formatCount(newestFirst.length)} copies
        </Button>
      )}
    </div>
  );
}

interface CopyRowProps {
  copy: Copy;
  gain: number | null;
  isBest: boolean;
  isUsed: boolean;
  isPending: boolean;
  /** Null while the copy may not be used. */
  onUse: (() => void) | null;
  onCompare: (previewPath: string) => void;
}

function CopyRow({ copy, gain, isBest, isUsed, isPending, onUse, onCompare }: CopyRowProps): ReactNode {
  const { step, path, previewPath } = copy;
  const title = `Step ${formatCount(step)}`;
  return (
    <li data-testid="copy" aria-label={title}>
      {previewPath === null ? (
        <span className={styles["none"]} title="No preview was drawn at this step" />
      ) : (
        <button type="button" aria-label={`Compare the preview of step ${step}`} onClick={() => onCompare(previewPath)}>
          <img src={thumbnailUrl(previewPath, 128)} alt="" loading="lazy" />
        </button>
      )}
      <div className={styles["what"]}>
        <span className={styles["step"]} title={path}>
          {title}
          {isBest && (
            <Badge size="sm" variant="light" title="The lowest loss at fixed noise">
              Best
            </Badge>
          )}
          {isUsed && (
            <Badge size="sm" variant="outline" color="gray">
              In use
            </Badge>
          )}
        </span>
        <Loss copy={copy} gain={gain} />
      </div>
      {onUse !== null && !isUsed && (
        <Button size="compact-sm" variant="default" loading={isPending} onClick={onUse}>
          Use this copy
        </Button>
      )}
      <Menu position="bottom-end" shadow="md">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={`More for step ${step}`}>
            <MoreIcon />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => trainForm.patch({ resumeFrom: path })}>Go on training from here</Menu.Item>
          {previewPath !== null && <Menu.Item onClick={() => onCompare(previewPath)}>Compare its preview</Menu.Item>}
          <Menu.Item component="a" href={fileUrl(path)} download={baseName(path)}>
            Download
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </li>
  );
}

function Loss({ copy: { fixedLoss }, gain }: { copy: Copy; gain: number | null }): ReactNode {
  if (fixedLoss === null) return <span className={styles["loss"]}>Loss not measured</span>;
  const figure = `Loss at fixed noise ${fixedLoss.value.toPrecision(3)}`;
  if (!fixedLoss.isComparable) return <span className={styles["loss"]}>{figure}, on other pictures</span>;
  return (
    <span className={styles["loss"]} title={figure}>
      {gainText(gain) ?? figure}
    </span>
  );
}

/** "12 % better than at the start"; null if there is nothing to compare with. */
function gainText(gain: number | null): string | null {
  if (gain === null) return null;
  const percent = Math.abs(gain) * 100;
  if (percent < 0.1) return "As at the start";
  return `${percent.toFixed(1)} % ${gain > 0 ? "better" : "worse"} than at the start`;
}
