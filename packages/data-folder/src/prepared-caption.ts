/** @file The caption that Preprocess writes beside a prepared picture. */
import { captionFromFileName } from "@lexeme/domain/templates";
import type { PreprocessSettings } from "@lexeme/domain/settings";

interface CaptionSources {
  /** The text of the .txt beside the source picture; undefined if there is none. */
  readonly existing: string | undefined;
  /** The caption from a captioner; empty without a captioner. */
  readonly generated: string;
  readonly file: string;
}

/** The caption by A1111's four actions, with a space between two texts; a picture without a caption may take its file name. */
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
