/** @file The facts that the list shows about each embedding: its file, its vectors, whether it fits the checkpoint, and which of several embeddings with one name is used. */
import { dirname, join } from "node:path";
import { fileNames, registeredWords, widthMisfit, type EmbeddingEntry } from "@lexeme/data-folder";
import { isPictureFormat, isSameWord, wordOfName } from "@lexeme/domain/libraries";
import type { Checkpoint, Embedding } from "@lexeme/protocol";

/** Endings of a preview picture beside an embedding file, as for A1111's cards: `mira.preview.png` or `mira.png`. */
const BESIDE = [".preview.png", ".preview.jpg", ".preview.jpeg", ".preview.webp", ".png", ".jpg", ".jpeg", ".webp"];

/** Sorted by name, then by path. `checkpoint` is the checkpoint that the embeddings should fit; undefined if there is none. */
export async function describeEmbeddings(
  entries: readonly EmbeddingEntry[],
  checkpoint: Checkpoint | undefined,
): Promise<Embedding[]> {
  const width = checkpoint?.textWidth ?? null;
  const registered = registeredWords(entries, ({ facts }) => width === null || facts?.width === width);
  const pictures = await picturesBeside(entries);
  const embeddings = entries.map((entry): Embedding => {
    const { name, path, folder, key = null, format, shortHash, modifiedAt, facts } = entry;
    return {
      name,
      path,
      folder,
      key,
      format,
      ...sizeOf(entry),
      step: facts?.step ?? null,
      checkpointName: facts?.sdCheckpointName ?? null,
      checkpointHash: facts?.sdCheckpoint ?? null,
      shortHash,
      modifiedAt,
      misfitReason: misfitReason(entry, checkpoint),
      collision: null,
      previewPath: isPictureFormat(format) ? path : (pictures.get(path) ?? null),
    };
  });
  markCollisions(embeddings, registered);
  return embeddings.toSorted(
    (a, b) => a.name.localeCompare(b.name, "en", { numeric: true }) || a.path.localeCompare(b.path, "en"),
  );
}

/** A file for Stable Diffusion XL has a size though it cannot be used. */
function sizeOf({ facts, fault }: EmbeddingEntry): { vectors: number; width: number } {
  const { vectors = 0, width = 0 } = (fault?.details ?? {}) as { vectors?: number; width?: number };
  return { vectors: facts?.count ?? vectors, width: facts?.width ?? width };
}

function misfitReason({ facts, fault }: EmbeddingEntry, checkpoint: Checkpoint | undefined): string | null {
  if (facts === undefined) return fault?.message ?? "it cannot be read";
  const expected = checkpoint?.textWidth ?? null;
  if (checkpoint === undefined || expected === null) return null;
  return widthMisfit(facts.width, { textWidth: expected, modelName: checkpoint.name }) ?? null;
}

/** If several names are the same word, a prompt uses the embedding that was registered first. */
function markCollisions(embeddings: readonly Embedding[], registered: readonly EmbeddingEntry[]): void {
  const byWord = new Map<string, Embedding[]>();
  for (const embedding of embeddings) {
    if (embedding.misfitReason !== null) continue;
    const word = wordOfName(embedding.name);
    byWord.set(word, [...(byWord.get(word) ?? []), embedding]);
  }
  for (const [word, same] of byWord) {
    if (same.length < 2) continue;
    const used = registered.find((entry) => isSameWord(entry.name, word));
    for (const embedding of same) {
      embedding.collision = {
        isUsed: used !== undefined && isSameEntry(embedding, used),
        others: same.filter((other) => other !== embedding).map(placeOf),
      };
    }
  }
}

/** Whether the list shows this entry of the folder: a file may hold several. */
export function isSameEntry(embedding: Embedding, entry: EmbeddingEntry): boolean {
  return embedding.path === entry.path && embedding.key === (entry.key ?? null);
}

/** The path inside the folder for embeddings, in a form for people. */
function placeOf({ folder, path, key }: Embedding): string {
  const file = path.slice(dirname(path).length + 1);
  return `${folder === "" ? "" : `${folder}/`}${file}${key === null ? "" : ` (${key})`}`;
}

async function picturesBeside(entries: readonly EmbeddingEntry[]): Promise<Map<string, string>> {
  const folders = [...new Set(entries.map(({ path }) => dirname(path)))];
  const names = new Map(
    await Promise.all(folders.map(async (folder) => [folder, new Set(await fileNames(folder))] as const)),
  );
  const found = new Map<string, string>();
  for (const { path, file } of entries) {
    const stem = file.replace(/\.[^.]+$/, "");
    const beside = BESIDE.find((ending) => names.get(dirname(path))?.has(stem + ending));
    if (beside !== undefined) found.set(path, join(dirname(path), stem + beside));
  }
  return found;
}
