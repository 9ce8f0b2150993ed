import { link, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { finishNotedMove, moveNoted, type NotedMove } from "./noted-move.ts";

let dataDir: string;
const at = (...path: string[]): string => join(dataDir, ...path);
const words = (): Promise<string[]> => readdir(at("embeddings"));

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "lexeme-move-"));
  await mkdir(at("embeddings"));
  await mkdir(at(".lexeme"));
  await writeFile(at("embeddings", "old.pt"), "vectors");
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

/** The moves after which other files would get the new name. */
let followed: string[];
const after = async ({ from, to, followers }: NotedMove): Promise<void> =>
  void followed.push([from, to, ...followers].map((path) => basename(path)).join(" "));
beforeEach(() => {
  followed = [];
});

const NOTED = { from: "../embeddings/old.pt", to: "../embeddings/new.pt", followers: ["../runs/a", "../runs/b"] };
const moveOf = (): NotedMove => ({
  from: at("embeddings", "old.pt"),
  to: at("embeddings", "new.pt"),
  followers: [at("runs", "a"), at("runs", "b")],
});
const NOTE = [".lexeme", "renaming.json"] as const;
const note = (): Promise<void> => writeFile(at(...NOTE), JSON.stringify(NOTED));

test("a move leaves the new name alone and no note, and other files follow it", async () => {
  await moveNoted(at(...NOTE), moveOf(), after);
  expect([await words(), await readdir(at(".lexeme"))]).toEqual([["new.pt"], []]);
  expect(followed).toEqual(["old.pt new.pt a b"]);
});

test("the note names all files that follow, and is there while they do", async () => {
  const noted: unknown[] = [];
  await moveNoted(at(...NOTE), moveOf(), async () => {
    noted.push(JSON.parse(await readFile(at(...NOTE), "utf8")));
  });
  expect(noted).toEqual([NOTED]);
});

test("a move that other files cannot follow is taken back", async () => {
  const move = moveOf();
  await expect(moveNoted(at(...NOTE), move, () => Promise.reject(new Error("full")))).rejects.toThrow("full");
  expect([await words(), await readdir(at(".lexeme"))]).toEqual([["old.pt"], []]);
});

test("a move that was killed after the file had its new name is followed at the next start", async () => {
  await note();
  await rename(at("embeddings", "old.pt"), at("embeddings", "new.pt"));
  await finishNotedMove(at(...NOTE), after);
  expect([followed, await readdir(at(".lexeme"))]).toEqual([["old.pt new.pt a b"], []]);
});

test("a refused move leaves both files and no note", async () => {
  await writeFile(at("embeddings", "new.pt"), "another");
  const move = moveNoted(at(...NOTE), moveOf(), after);
  await expect(move).rejects.toMatchObject({ code: "EEXIST" });
  expect([await words(), await readdir(at(".lexeme"))]).toEqual([["new.pt", "old.pt"], []]);
});

test("a move that was killed between its two names is finished, also after the data folder was moved", async () => {
  await note();
  await link(at("embeddings", "old.pt"), at("embeddings", "new.pt"));
  await rename(dataDir, `${dataDir}-moved`);
  dataDir = `${dataDir}-moved`;
  await finishNotedMove(at(...NOTE), after);
  expect([await words(), await readdir(at(".lexeme"))]).toEqual([["new.pt"], []]);
  expect(await readFile(at("embeddings", "new.pt"), "utf8")).toBe("vectors");
});

test("a move that had not begun leaves the old name, and two different files both stay", async () => {
  await note();
  await finishNotedMove(at(...NOTE), after);
  expect([await words(), followed]).toEqual([["old.pt"], []]);
  await note();
  await writeFile(at("embeddings", "new.pt"), "vectors");
  await finishNotedMove(at(...NOTE), after);
  expect([await words(), followed]).toEqual([["new.pt", "old.pt"], []]);
});

test.each(["", "no JSON", "[1]", "null", '{"from":1}'])("a note of %o changes nothing and goes", async (text) => {
  await writeFile(at(...NOTE), text);
  await finishNotedMove(at(...NOTE), after);
  expect([await words(), await readdir(at(".lexeme"))]).toEqual([["old.pt"], []]);
});
