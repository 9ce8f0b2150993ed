/** @file The folder of pictures to learn from, and what is in it. */
import { Anchor } from "@mantine/core";
import type { Dataset } from "@lexeme/protocol";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { messageOf } from "../../../ui/feedback/message-of.ts";
import type { Field } from "../../../ui/fields/field.ts";
import { FolderField } from "../../../parts/folders/folder-field.tsx";
import { formatPlural } from "../../../ui/text/format.ts";

export interface DatasetFieldProps {
  field: Field<string>;
  dataset: { data?: Dataset | undefined; error: unknown; isFetching: boolean };
  /** Where the folder dialog begins. */
  start: string | undefined;
}

export function DatasetField({ field, dataset, start }: DatasetFieldProps): ReactNode {
  const fault = field.value !== "" && dataset.error ? messageOf(dataset.error) : undefined;
  return (
    <FolderField
      field={{ ...field, error: field.error ?? fault }}
      placeholder="Folder of prepared pictures"
      description={field.value === "" ? emptyText() : (dataset.data && describeDataset(dataset.data)) || " "}
      {...(start === undefined ? {} : { start })}
    />
  );
}

function emptyText(): ReactNode {
  return (
    <>
      Not prepared yet?{" "}
      <Anchor component={Link} href="/preprocess" size="xs">
        Preprocess
      </Anchor>{" "}
      cuts and captions your photos
    </>
  );
}

/** "14 pictures, 12 with a caption · 2 cannot be read and are left out: a.jpg, b.jpg" */
export function describeDataset({ pictures, broken }: Dataset): string {
  if (pictures.length === 0) return "No pictures in this folder";
  const captioned = pictures.filter((picture) => picture.hasCaptionFile).length;
  const captions =
    captioned === pictures.length
      ? "all with captions"
      : captioned === 0
        ? "without captions: file names are used"
        : `${captioned} with a caption, file names for the rest`;
  const names = broken
    .slice(0, 3)
    .map(({ file }) => file)
    .join(", ");
  const left = broken.length > 3 ? ` and ${broken.length - 3} more` : "";
  const unread = broken.length === 0 ? "" : ` · ${formatPlural(broken.length, "file")} cannot be read: ${names}${left}`;
  return `${formatPlural(pictures.length, "picture")}, ${captions}${unread}`;
}
