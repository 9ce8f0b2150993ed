/** @file The folder of pictures to learn from, and a line about its content. */
import type { LexemeError } from "@lexeme/core";
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
  dataset: { data?: Dataset | undefined; error: LexemeError | null };
  /** The folder that the folder dialog shows first. */
  start: string | undefined;
}

export function DatasetField({ field, dataset, start }: DatasetFieldProps): ReactNode {
  const fault = field.value !== "" && dataset.error ? messageOf(dataset.error) : undefined;
  return (
    <FolderField
      field={{ ...field, error: field.error ?? fault }}
      placeholder="Folder of prepared pictures"
      description={field.value === "" ? emptyText() : (dataset.data && describeDataset(dataset.data)) || " "}
      isOutside={field.value !== "" && dataset.error?.code === "PATH_OUTSIDE"}
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

/** "14 pictures, 12 with a caption, 2 with their file name as caption · 2 files cannot be read: a.jpg, b.jpg" */
export function describeDataset({ pictures, broken }: Dataset): string {
  if (pictures.length === 0 && broken.length === 0) return "No pictures in this folder";
  const unreadable = pictures.filter(({ captionFault, promptFault }) => captionFault !== null || promptFault !== null);
  const facts = [
    pictures.length === 0 ? "No picture of this folder can be read" : describeCaptions(pictures),
    unreadable.length === 0
      ? ""
      : `${formatPlural(unreadable.length, "caption")} cannot be used, so ${unreadable.length === 1 ? "this picture is" : "these pictures are"} left out: ${namesOf(unreadable)}`,
    broken.length === 0 ? "" : `${formatPlural(broken.length, "file")} cannot be read: ${namesOf(broken)}`,
  ];
  return facts.filter((fact) => fact !== "").join(" · ");
}

function describeCaptions(pictures: Dataset["pictures"]): string {
  const without = pictures.filter((picture) => !picture.hasCaptionFile).length;
  const captioned = pictures.filter((picture) => picture.hasCaptionFile && picture.captionFault === null).length;
  const count = formatPlural(pictures.length, "picture");
  if (captioned === pictures.length) return `${count}, all with captions`;
  if (without === pictures.length) return `${count}, without captions: file names are used`;
  return `${count}, ${captioned} with a caption${without === 0 ? "" : `, ${without} with their file name as caption`}`;
}

function namesOf(files: readonly { file: string }[]): string {
  const names = files.slice(0, 3).map(({ file }) => file);
  return names.join(", ") + (files.length > 3 ? ` and ${files.length - 3} more` : "");
}
