/** @file The PNG Info tab: a picture comes in, its settings go to txt2img. */
import { LexemeError } from "@lexeme/core";
import type { Txt2imgSettings } from "@lexeme/domain/settings";
import type { PictureInfo } from "@lexeme/protocol";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState, type ReactNode } from "react";
import { useLocation, useSearch } from "wouter";
import { messageOf } from "../../ui/feedback/message-of.ts";
import { useInfotextLibrary } from "../../parts/infotext/infotext-library.ts";
import { readPicture } from "../../parts/pictures/picture-info.ts";
import { readInfotextSettings } from "../../parts/infotext/infotext-reading.ts";
import { useFormValues } from "../../parts/form/use-form.ts";
import { txt2imgForm } from "../../state/forms.ts";
import { openInPictureInfo, usePictureSource, type PictureSource } from "../../state/picture-source.ts";
import { reuseInTxt2img } from "../../parts/infotext/reuse-settings.ts";
import { EmptyState } from "../../ui/feedback/empty-state.tsx";
import { InfoIcon } from "../../ui/icons/icons.tsx";
import { Notice } from "../../ui/feedback/notice.tsx";
import { pictureFrom, usePictureDrop } from "../../parts/pictures/picture-transfer.ts";
import { showResults } from "../../ui/layout/show-results.ts";
import { StartBar } from "../../ui/layout/start-bar.tsx";
import { TabLayout } from "../../ui/layout/tab-layout.tsx";
import { showUndo } from "../../ui/feedback/toast.ts";
import { PictureFacts } from "./picture-facts.tsx";
import { PictureInput } from "./picture-input.tsx";
import styles from "./picture-info.module.css";

export function PictureInfoPage(): ReactNode {
  const [, navigate] = useLocation();
  const path = new URLSearchParams(useSearch()).get("path");
  const stored = usePictureSource();
  const source = useMemo((): PictureSource | null => (path === null ? stored : { kind: "path", path }), [path, stored]);
  const library = useInfotextLibrary();
  const formValues = useFormValues(txt2imgForm, (values) => values);
  const info = useQuery<PictureInfo, LexemeError>({
    queryKey: ["picture-info", source?.kind === "file" ? numberOf(source.file) : source],
    queryFn: ({ signal }) => readPicture(source as PictureSource, signal),
    enabled: source !== null,
    gcTime: 0,
  });
  const infotext = info.data?.kind === "infotext" ? info.data.infotext : null;
  const reading = useMemo(
    () => (infotext === null ? null : readInfotextSettings(infotext, library)),
    [infotext, library],
  );
  const [choices, setChoices] = useState<{ of: PictureSource | null; values: Partial<Txt2imgSettings> }>({
    of: null,
    values: {},
  });
  const chosen = choices.of === source ? choices.values : {};

  function open(next: PictureSource): void {
    navigate(openInPictureInfo(next));
    showResults();
  }
  usePastedPicture(open);
  const { over, handlers } = usePictureDrop(open);

  function send(): void {
    if (infotext === null) return;
    const { undo } = reuseInTxt2img(infotext, { library, choices: chosen });
    navigate("/txt2img");
    showUndo("txt2img's form now holds this picture's settings", undo);
  }

  return (
    <div className={styles["page"]} {...handlers}>
      <TabLayout
        title="PNG Info"
        settings={<PictureInput source={source} info={info.data ?? null} onPicture={open} over={over} />}
        start={
          <StartBar
            label="Send to txt2img"
            onStart={send}
            disabled={infotext === null}
            line={startLine(info.data ?? null, reading?.notes.length ?? 0)}
          />
        }
      >
        {source === null ? (
          <EmptyState icon={<InfoIcon />} title="No picture yet">
            Drop a picture anywhere on this page, paste it, or choose one from the gallery. PNG, JPEG, WebP, AVIF and
            GIF pictures of Lexeme, A1111, Forge, NovelAI and other programs that write infotext tell how they were
            made.
          </EmptyState>
        ) : info.isError ? (
          <Notice tone="failure">{messageOf(info.error)}</Notice>
        ) : info.data === undefined ? null : (
          <PictureFacts
            info={info.data}
            notes={reading?.notes ?? []}
            valueOf={(field) =>
              chosen[field] ?? reading?.settings[field] ?? reading?.refused[field] ?? formValues[field]
            }
            onChoose={(field, value) => setChoices({ of: source, values: { ...chosen, [field]: value } })}
          />
        )}
      </TabLayout>
    </div>
  );
}

const numbers = new WeakMap<File, number>();
let lastNumber = 0;

/** A number for each file, because a file itself cannot be part of a query's key. */
function numberOf(file: File): number {
  const number = numbers.get(file) ?? ++lastNumber;
  numbers.set(file, number);
  return number;
}

function startLine(info: PictureInfo | null, notes: number): string {
  if (info === null) return "Fills txt2img’s form; Undo brings back its old settings";
  if (info.kind !== "infotext") return "There are no settings to send";
  if (notes === 0) return "All of its settings can be used here";
  return notes === 1 ? "One thing is different here" : `${notes} things are different here`;
}

/** Ctrl+V anywhere on the page except in a field: pastes a picture, or an infotext that was copied from elsewhere. */
function usePastedPicture(onPicture: (source: PictureSource) => void): void {
  useEffect(() => {
    function paste(event: ClipboardEvent): void {
      if (event.clipboardData === null || isField(event.target)) return;
      const text = event.clipboardData.getData("text/plain");
      const source = pictureFrom(event.clipboardData) ?? (text === "" ? null : { kind: "infotext", infotext: text });
      if (source !== null) onPicture(source);
    }
    document.addEventListener("paste", paste);
    return () => document.removeEventListener("paste", paste);
  });
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}
