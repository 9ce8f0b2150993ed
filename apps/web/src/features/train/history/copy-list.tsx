/** @file Every copy of every run, with its picture, its loss at fixed noise and its actions. */
import { ActionIcon, Badge, Button, Menu } from "@mantine/core";
import type { EmbeddingHistory, HistoryRun } from "@lexeme/protocol";
import { useState, type ReactNode } from "react";
import { useAction } from "../../../api/use-action.ts";
import { fileUrl, thumbnailUrl } from "../../../api/client.ts";
import { trainForm } from "../../../state/forms.ts";
import { showError, showUndo } from "../../../ui/feedback/toast.ts";
import { MoreIcon } from "../../../ui/icons/icons.tsx";
import { Section } from "../../../ui/layout/tab-layout.tsx";
import { baseName } from "../../../ui/text/folder-path.ts";
import { asSentence, formatCount } from "../../../ui/text/format.ts";
import { FixedLossText } from "../run/loss/fixed-loss-text.tsx";
import { changeText, figuresText } from "../run/loss/training-health.ts";
import { firstFixedLoss } from "./lineage.ts";
import { putCopy, type UsedCopy } from "./put-copy.ts";
import { rangeText } from "./run-words.ts";
import styles from "./copy-list.module.css";

type Copy = HistoryRun["copies"][number];

/** The most copies of a run that are shown before the user asks for all. */
const SHOWN = 6;

export interface CopyListProps {
  title?: string;
  name: string;
  history: EmbeddingHistory;
  /** False while a training runs or waits, because its end would overwrite the chosen copy. */
  usable: boolean;
  /** Shows a copy's preview beside another. */
  onCompare: (previewPath: string) => void;
}

export function CopyList({ title = "Copies", name, history, usable, onCompare }: CopyListProps): ReactNode {
  const runs = history.runs.filter(({ copies }) => copies.length > 0).toReversed();
  const use = useAction({
    mutationFn: (copy: UsedCopy) => putCopy(name, copy),
    onSuccess: ({ step, replacedCopy }, { path }) => {
      if (replacedCopy !== null) {
        const message = `${name} is now the copy of step ${formatCount(step ?? 0)}; what it was before is among the copies`;
        showUndo(message, () => use.mutate({ path: replacedCopy, instead: path }));
      }
    },
    onError: showError,
  });
  if (runs.length === 0) return null;
  const start = firstFixedLoss(history);
  return (
    <Section title={title}>
      {runs.map((run) => (
        <CopiesOfRun key={run.folder} run={run} title={runs.length > 1 ? rangeText(run, history.runs) : null}>
          {(copy) => (
            <CopyRow
              key={copy.path}
              copy={copy}
              start={start}
              isBest={copy.path === history.bestCopy}
              isUsed={copy.path === history.currentCopy}
              isPending={use.isPending && use.variables.path === copy.path}
              onUse={usable ? () => use.mutate({ path: copy.path }) : null}
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
  /** The loss at fixed noise with which all others are compared. */
  start: HistoryRun["fixedLosses"][number] | null;
  isBest: boolean;
  isUsed: boolean;
  isPending: boolean;
  /** Null while the copy may not be used. */
  onUse: (() => void) | null;
  onCompare: (previewPath: string) => void;
}

function CopyRow({ copy, start, isBest, isUsed, isPending, onUse, onCompare }: CopyRowProps): ReactNode {
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
        <Loss copy={copy} start={start} />
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

function Loss({ copy: { fixedLoss, step }, start }: Pick<CopyRowProps, "copy" | "start">): ReactNode {
  if (fixedLoss === null) return <span className={styles["loss"]}>Not measured</span>;
  const { value: now, isComparable } = fixedLoss;
  if (!isComparable || start === null) {
    return (
      <span className={styles["loss"]}>
        <FixedLossText
          sentence="Measured on other pictures"
          figures={`Loss at fixed noise: ${now.toPrecision(3)}. It was measured on other pictures or with another checkpoint than the newest one, so the two cannot be compared.`}
        />
      </span>
    );
  }
  const change = { start: start.value, startStep: start.step, now, step };
  const first = step === 0 ? "The start" : "The first that was measured";
  const sentence = step === start.step ? first : asSentence(changeText(change));
  const figures = figuresText(change);
  return (
    <span className={styles["loss"]}>
      <FixedLossText sentence={sentence} figures={figures} />
    </span>
  );
}
