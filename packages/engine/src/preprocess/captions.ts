/** @file What is written beside a prepared picture. */
import { captionFromFileName } from "@lexeme/domain/templates";
import type { PreprocessSettings } from "@lexeme/domain/settings";

export interface CaptionSources {
  /** The .txt beside the source picture; undefined when there is none. */
  readonly existing: string | undefined;
  /** What a captioner says of the picture; empty without one. */
  readonly generated: string;
  readonly file: string;
}

/** A1111's four caption actions, joined by one space; a picture that ends up without words may take its file's name. */
export function preparedCaption(settings: PreprocessSettings, sources: CaptionSources): string {
  const existing = sources.existing?.trim() ?? "";
  const caption = withExisting(settings.preprocessTxtAction, existing, sources.generated).trim();
  if (caption !== "" || !settings.captionFromFilename) return caption;
  return captionFromFileName(sources.file).trim();
}

function withExisting(action: PreprocessSettings["preprocessTxtAction"], existing: string, generated: string): string {
  if (existing === "") return generated;
  return { ignore: generated, copy: existing, prepend: `${existing} ${generated}`, append: `${generated} ${existing}` }[
    action
  ];
}
