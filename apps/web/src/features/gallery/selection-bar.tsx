/** @file The actions for the selected pictures: compare two, download, delete. */
import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { useAction } from "../../api/use-action.ts";
import { call, routeUrl } from "../../api/client.ts";
import { deletePictures } from "../../parts/pictures/delete-picture.ts";
import { download } from "../../parts/pictures/save-picture.ts";
import { showError } from "../../ui/feedback/toast.ts";
import { formatPlural } from "../../ui/text/format.ts";
import type { Selection } from "./use-selection.ts";
import styles from "./gallery.module.css";

export interface SelectionBarProps {
  selection: Selection;
  /** Opens the comparison of the two selected pictures. */
  onCompare: () => void;
}

export function SelectionBar({ selection, onCompare }: SelectionBarProps): ReactNode {
  const paths = [...selection.paths];
  const zip = useAction({
    mutationFn: () => call("orderZip", { body: { paths } }),
    onSuccess: ({ id }) => download(routeUrl("getZip", { params: { id } }), "pictures.zip"),
    onError: showError,
  });
  const isNone = paths.length === 0;
  return (
    <div className={styles["selection"]} role="group" aria-label="Selected pictures">
      <span role="status">
        {isNone ? "Choose pictures; Shift chooses a range" : `${formatPlural(paths.length, "picture")} selected`}
      </span>
      <Button size="compact-sm" variant="default" onClick={selection.selectAll}>
        Select all shown
      </Button>
      <Button size="compact-sm" variant="default" disabled={paths.length !== 2} onClick={onCompare}>
        Compare two
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        disabled={isNone}
        loading={zip.isPending}
        onClick={() => zip.mutate()}
      >
        Download as zip
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        disabled={isNone}
        onClick={() => {
          selection.clear();
          void deletePictures(paths);
        }}
      >
        Delete
      </Button>
      <Button size="compact-sm" variant="subtle" color="gray" onClick={selection.clear}>
        Done
      </Button>
    </div>
  );
}
