/** @file The folder of embeddings: the names in its files, the order in which they are loaded, and which of several embeddings with one name is used. */
import { cp, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EmbeddingFolder, registeredWords, type EmbeddingEntry } from "./embedding-folder.ts";

const FIXTURES = fileURLToPath(new URL("../../formats/src/fixtures/", import.meta.url));
let folder: string;
let reader: EmbeddingFolder;
const scan = () => reader.scan();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lexeme-embeddings-"));
  reader = new EmbeddingFolder(folder);
});
afterEach(() => rm(folder, { recursive: true }));

/** Copies fixtures to the given names. */
async function put(files: Record<string, string>): Promise<void> {
  for (const [name, fixture] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await cp(join(FIXTURES, fixture), join(folder, name));
  }
}
const shown = (entries: readonly EmbeddingEntry[]) =>
  entries.map(({ folder: sub, file, name }) => `${sub}/${file}: ${name}`);

describe("scan", () => {
  it("names an embedding after its file, in a picture after its inner name, in a file with several after both; ordinary pictures hold none", async () => {
    await put({
      "mira.pt": "a1111.pt",
      "mira.png": "pictures/photo.png",
      "mira.preview.png": "pictures/text.png",
      "old.bin": "diffusers-numbered.bin",
      "animals.bin": "collection.bin",
      "shared.PNG": "pictures/pixels.png",
      "shared.webp": "pictures/pixels.webp",
      ".hidden.pt": "a1111.pt",
      "sub/deeper/three.safetensors": "emb_params.safetensors",
      "notes.txt": "a1111.pt",
    });
    await writeFile(join(folder, "empty.pt"), "");
    const entries = await scan();
    expect(shown(entries)).toEqual([
      "/shared.PNG: by-pixels-499",
      "/shared.webp: by-pixels-499",
      "/animals.bin: animals-cat",
      "/animals.bin: animals-dog",
      "/mira.pt: mira",
      "/old.bin: old",
      "sub/deeper/three.safetensors: three",
    ]);
    expect(entries.map(({ facts }) => facts?.count)).toEqual([3, 3, 2, 2, 3, 3, 3]);
    const dog = await reader.load(entries[3]!);
    expect([...dog.vectors]).toEqual(Array.from({ length: 16 }, (_, i) => i / 8 - 2));
  });

  it("names each fault: NaN and odd shapes in one embedding do not affect the others of its file", async () => {
    await put({
      "many.pt": "collection.pt",
      "xl.safetensors": "sdxl.safetensors",
      "bad.png": "pictures/broken-text.png",
    });
    await writeFile(join(folder, "junk.pt"), "nothing of the kind, only words");
    const faults = Object.fromEntries((await scan()).map(({ name, fault }) => [name, fault?.message ?? null]));
    expect(faults).toEqual({
      bad: expect.stringContaining("not base64"),
      junk: "Cannot read this embedding: it is neither a file that torch wrote nor a safetensors file",
      "many-a": null,
      "many-b": null,
      "many-c": expect.stringContaining("NaN or infinity"),
      "many-d": expect.stringContaining("shape [2, 2, 2]"),
      xl: expect.stringContaining("Stable Diffusion XL"),
    });
  });

  it("reads only the text of a picture beside an embedding file with the same name, because it is a preview", async () => {
    await put({ "a.pt": "a1111.pt", "a.png": "pictures/pixels.png", "b.bin": "half.pt", "b.png": "pictures/text.png" });
    expect(shown(await scan())).toEqual(["/b.png: by-text-499", "/a.pt: a", "/b.bin: b"]);
    await rm(join(folder, "a.pt"));
    expect(shown(await scan())).toEqual(["/a.png: by-pixels-499", "/b.png: by-text-499", "/b.bin: b"]);
  });

  it("follows links, and enters a loop once", async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), "lexeme-elsewhere-"));
    await cp(join(FIXTURES, "a1111.pt"), join(elsewhere, "far.pt"));
    await symlink(elsewhere, join(folder, "link"), "dir");
    await symlink(folder, join(elsewhere, "back"), "dir");
    await symlink(join(folder, "gone.pt"), join(folder, "broken.pt"));
    expect(shown(await scan())).toEqual(["link/far.pt: far"]);
    await rm(elsewhere, { recursive: true });
  });

  it("sees a file that was overwritten in place, in a sub-folder, by a file of the same size", async () => {
    await put({ "sub/a.pt": "a1111.pt" });
    const [before] = await scan();
    await put({ "sub/a.pt": "half.pt" });
    await utimes(join(folder, "sub/a.pt"), new Date(), new Date(Date.now() + 5000));
    const [after] = await scan();
    expect([before?.facts?.step, after?.facts?.step]).toEqual([499, undefined]);
    expect(after?.shortHash).not.toBe(before?.shortHash);
  });

  it("a missing folder has no embeddings", async () => {
    expect(await new EmbeddingFolder(join(folder, "none")).scan()).toEqual([]);
  });
});

describe("registeredWords", () => {
  const used = async (fits: (entry: EmbeddingEntry) => boolean = () => true) =>
    shown(registeredWords(await scan(), fits));

  it("the last loaded embedding of a name is used: sub-folders come after their parents, single files after collections and pictures", async () => {
    await put({ "mira.pt": "a1111.pt", "mira.safetensors": "emb_params.safetensors", "z/mira.pt": "half.pt" });
    expect(await used()).toEqual(["z/mira.pt: mira"]);
    await put({ "by-text-499.pt": "a1111.pt", "zz.png": "pictures/text.png" });
    await put({ "zoo.bin": "two-words.bin", "zoo-a.pt": "a1111.pt" });
    expect(await used()).toEqual([
      "/zoo.bin: zoo-b",
      "/by-text-499.pt: by-text-499",
      "/zoo-a.pt: zoo-a",
      "z/mira.pt: mira",
    ]);
  });

  it("an embedding that does not fit does not replace another of its name", async () => {
    await put({ "mira.pt": "a1111.pt", "z/mira.bin": "diffusers-one-row.bin" });
    expect(await used(({ facts }) => facts?.count === 3)).toEqual(["/mira.pt: mira"]);
  });

  it("names that differ only in case are both registered, in order", async () => {
    await put({ "Mira.pt": "a1111.pt", "mira.bin": "diffusers-one-row.bin" });
    expect(await used()).toEqual(["/Mira.pt: Mira", "/mira.bin: mira"]);
  });
});
