/** @file The copies of a run by step, each with its picture; any of them can become the embedding. */
import { Button } from "@mantine/core";
import type { Artifact } from "@lexeme/domain/jobs";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { call, thumbnailUrl } from "../../../api/client.ts";
import { refresh } from "../../../api/queries.ts";
import { formatCount } from "../../../ui/text/format.ts";
import { Section } from "../../../ui/layout/tab-layout.tsx";
import { showDone, showError } from "../../../ui/feedback/toast.ts";
import styles from "./copy-list.module.css";

export interface CopyListProps {
  name: string;
  copies: readonly Artifact[];
  previews: readonly Artifact[];
  /** False while the training runs, because its end would overwrite the chosen copy. */
  usable: boolean;
}

export function CopyList({ name, copies, previews, usable }: CopyListProps): ReactNode {
  const use = useMutation({
    mutationFn: (copy: Artifact) => call("useCopy", { params: { name }, body: { path: copy.path } }),
    onSuccess: (_, copy) => {
      showDone(`${name} is now the copy of step ${formatCount(copy.step ?? 0)}; its earlier state is in the bin`);
      return refresh("listEmbeddings");
    },
    onError: showError,
  });
  const newestFirst = copies.toSorted((a, b) => (b.step ?? 0) - (a.step ?? 0));
  return (
    <Section title="Copies">
      <ul className={styles["list"]}>
        {newestFirst.map((copy) => {
          const picture = previews.find((preview) => preview.step === copy.step);
          const used = use.isSuccess && use.variables.path === copy.path;
          return (
            <li key={copy.path}>
              {picture ? (
                <img src={thumbnailUrl(picture.path, 96)} alt="" loading="lazy" />
              ) : (
                <span className={styles["none"]} />
              )}
              <span className={styles["step"]} title={copy.path}>
                Step {formatCount(copy.step ?? 0)}
              </span>
              {usable && (
                <Button
                  size="compact-sm"
                  variant="default"
                  disabled={used}
                  loading={use.isPending && use.variables.path === copy.path}
                  onClick={() => use.mutate(copy)}
                >
                  {used ? "In use" : "Use this copy"}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
