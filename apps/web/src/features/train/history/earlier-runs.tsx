/** @file What was trained before under the same name: the runs of an earlier embedding, whose copies can still be used. */
import type { EmbeddingHistory } from "@lexeme/protocol";
import type { ReactNode } from "react";
import { EmptyState } from "../../../ui/feedback/empty-state.tsx";
import { ChartIcon } from "../../../ui/icons/icons.tsx";
import { Section } from "../../../ui/layout/tab-layout.tsx";
import { formatCount } from "../../../ui/text/format.ts";
import { CopyList, type CopyListProps } from "./copy-list.tsx";
import { RunList, type RunListProps } from "./run-list.tsx";

/** `history` has the runs of earlier embeddings only. */
export function EarlierRuns({
  name,
  history,
  shown,
  onShow,
  ...rest
}: CopyListProps & Pick<RunListProps, "shown" | "onShow">): ReactNode {
  if (history.runs.length === 0) return null;
  return (
    <>
      <Section title={`An earlier embedding named ${name}`}>
        <p>
          These runs trained another file of this name. A copy that you use takes the place of the present file, which
          is kept as a copy too.
        </p>
      </Section>
      <RunList title={`Runs of the earlier ${name}`} least={1} runs={history.runs} shown={shown} onShow={onShow} />
      <CopyList title={`Copies of the earlier ${name}`} name={name} history={history} {...rest} />
    </>
  );
}

/** Stands where the history of an embedding will be. */
export function NotTrained({ name, copiedFrom }: { name: string } & Pick<EmbeddingHistory, "copiedFrom">): ReactNode {
  const begins =
    copiedFrom === null
      ? ""
      : `It has the vectors of ${copiedFrom.embedding} at step ${formatCount(copiedFrom.step)}, and its own history begins with its first training. `;
  return (
    <EmptyState
      icon={<ChartIcon />}
      title={copiedFrom === null ? `${name} was not trained yet` : `${name} is a copy that was not trained on yet`}
    >
      {begins}Choose a folder of captioned pictures. While the training runs, you see the loss fall, and pictures of
      what the word means by then.
    </EmptyState>
  );
}
