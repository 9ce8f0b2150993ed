/** @file Embeddings from this computer: dropped on the tab or picked, sent one after the other, and asked about where a name is taken. */
import { LexemeError } from "@lexeme/core";
import type { Embedding } from "@lexeme/protocol";
import { useCallback, useEffect, useRef, useState } from "react";
import { DoublePress } from "../../../api/double-press.ts";
import { uploadForm } from "../../../api/client.ts";
import { refresh } from "../../../api/queries.ts";
import { useDroppedFiles } from "../../../parts/files/use-dropped-files.ts";
import { messageOf } from "../../../ui/feedback/message-of.ts";

/** A file whose word exists already. */
export interface NameClash {
  file: File;
  /** The name that is taken. */
  name: string;
  message: string;
}

export interface EmbeddingImport {
  hovering: boolean;
  isSending: boolean;
  /** The words of the last import. */
  added: Embedding[];
  /** Files of the last import that were refused. */
  refused: { file: string; reason: string }[];
  /** The first file that waits for an answer. */
  clash: NameClash | null;
  /** Answers for the file that waits: another name, a replacement, or null to leave the file out. */
  answer: (choice: { name: string } | { overwriteOld: true } | null) => void;
  pick: () => void;
}

interface Sending {
  file: File;
  query: { name?: string; overwriteOld?: boolean };
}

export function useEmbeddingImport(): EmbeddingImport {
  const [isSending, setSending] = useState(false);
  const [added, setAdded] = useState<Embedding[]>([]);
  const [refused, setRefused] = useState<EmbeddingImport["refused"]>([]);
  const [clashes, setClashes] = useState<NameClash[]>([]);
  /** Files that wait for the one that is being sent; null while none is. */
  const waiting = useRef<Sending[] | null>(null);
  const [answers] = useState(() => new DoublePress());

  async function sendOne({ file, query }: Sending): Promise<void> {
    const form = new FormData();
    form.append("embedding", file, file.name);
    try {
      const words = await uploadForm("importEmbedding", form, { query });
      setAdded((before) => [...before, ...words]);
    } catch (error) {
      const name = error instanceof LexemeError && error.code === "EMBEDDING_EXISTS" ? error.details?.["name"] : null;
      if (typeof name === "string") {
        // The question that is being read stays.
        setClashes((before) => [...before, { file, name, message: messageOf(error) }]);
      } else {
        setRefused((before) => [...before, { file: file.name, reason: messageOf(error) }]);
      }
    }
  }

  async function send(files: readonly Sending[]): Promise<void> {
    if (waiting.current !== null) return void waiting.current.push(...files);
    waiting.current = [...files];
    setSending(true);
    for (let next = waiting.current.shift(); next !== undefined; next = waiting.current.shift()) await sendOne(next);
    waiting.current = null;
    setSending(false);
    await refresh("listEmbeddings");
  }

  function begin(files: readonly File[]): void {
    if (files.length === 0) return;
    if (waiting.current === null) {
      setAdded([]);
      setRefused([]);
    }
    void send(files.map((file) => ({ file, query: {} })));
  }

  const latestBegin = useRef(begin);
  useEffect(() => {
    latestBegin.current = begin;
  });
  const pick = useCallback((): void => {
    const input = document.createElement("input");
    input.type = "file";
    input.multiple = true;
    input.addEventListener("change", () => latestBegin.current([...(input.files ?? [])]));
    input.click();
  }, []);

  function answer(choice: { name: string } | { overwriteOld: true } | null): void {
    // The next question takes the place of an answered one, so a second press was meant for the first.
    if (answers.justBegan()) return;
    answers.begins(choice);
    const [first, ...rest] = clashes;
    setClashes(rest);
    if (first !== undefined && choice !== null) void send([{ file: first.file, query: choice }]);
  }

  const hovering = useDroppedFiles(begin);
  return { hovering, isSending, added, refused, clash: clashes[0] ?? null, answer, pick };
}
