/** @file Leftovers of killed writes are removed at the start: only Lexeme's own, only old. */
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dataFolders } from "./data-folder.ts";
import { removeLeftovers } from "./leftovers.ts";

let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "lexeme-leftovers-"));
});
afterAll(() => rm(dataDir, { recursive: true }));

test("removes old temporary files of every part of the data folder, and no other file", async () => {
  const ours = [
    "embeddings/.lexeme-0123456789ab.tmp",
    "outputs/txt2img-images/2026-11-24/.lexeme-0123456789ab.tmp",
    "textual_inversion/2026-11-24/mira/embeddings/.lexeme-0123456789ab.tmp",
    "datasets/mira/.lexeme-0123456789ab.tmp",
    "datasets/uploads/u/.3f2504e0-4f89-41d3-9a0c-0305e82c3301.part",
    ".lexeme-0123456789ab.tmp",
    ".lexeme/.lexeme-0123456789ab.tmp",
    ".lexeme/preprocess/.lexeme-0123456789ab.tmp",
    `.lexeme/cache/thumbnails/ab/${"ab".repeat(20)}.webp.0123abcd.tmp`,
  ];
  const others = [
    "embeddings/.lexeme-notours.tmp",
    "embeddings/mira.tmp",
    "embeddings/mira.pt",
    "datasets/mira/.3f2504e0-4f89-41d3-9a0c-0305e82c3301.part",
    "datasets/uploads/u/.mine.part",
    "datasets/mira/movie.part",
  ];
  const young = "embeddings/.lexeme-ba9876543210.tmp";
  for (const path of [...ours, ...others, young]) {
    await mkdir(dirname(join(dataDir, path)), { recursive: true });
    await writeFile(join(dataDir, path), "");
    if (path !== young) await utimes(join(dataDir, path), 1, 1);
  }
  const removed = await removeLeftovers(dataFolders(dataDir));
  expect(removed.toSorted()).toEqual(ours.map((path) => join(dataDir, path)).toSorted());
  const kept = await readdir(dataDir, { recursive: true, withFileTypes: true });
  expect(kept.filter((entry) => entry.isFile())).toHaveLength(others.length + 1);
});
