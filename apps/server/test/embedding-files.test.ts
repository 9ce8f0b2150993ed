/** @file Embeddings as files: creating, renaming, deleting, exporting, and a training's copy that becomes an embedding. */
import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { float16ToFloat32 } from "@lexeme/core";
import { DEMO_CHECKPOINT_PATH, DEMO_PHOTOS_DIR } from "@lexeme/demo";
import { bytesAccess, readSafetensorsHeader, readTextualInversion, TOKEN_EMBEDDING_KEY } from "@lexeme/formats";
import { loadClipTokenizer } from "@lexeme/tokenizer/node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { requestsTo } from "./requests.ts";
import { safetensorsOfZeros, writePicture } from "./sample-files.ts";
import { testApp, type TestApp } from "./test-app.ts";

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
}, 120_000);
afterAll(() => app.end(), 30_000);
const { get, send } = requestsTo(() => app);

describe("embeddings", () => {
  test("the first vectors are the text's rows of the checkpoint's table, stretched over the requested number of rows", async () => {
    const [first, second] = loadClipTokenizer().encode("round face");
    const expected = [await tableRow(first!), await tableRow(first!), await tableRow(second!)];
    const created = await send("POST", "/api/embeddings", {
      name: "stretched",
      initText: "round face",
      numVectorsPerToken: 3,
    });
    // floor(i * 2 / 3) for i = 0, 1, 2
    expect(created.json()).toMatchObject({
      name: "stretched",
      format: "pt",
      vectors: 3,
      width: 128,
      step: 0,
      misfitReason: null,
    });
    const file = await readTextualInversion(bytesAccess(await readFile(created.json().path)));
    expect([...file.vectors]).toEqual(expected.flatMap((row) => [...row]));
  });

  test("an empty text gives zeros, a text of spaces gives an error beside the field", async () => {
    await send("POST", "/api/embeddings", { name: "zeros", initText: "", fileFormat: "safetensors" });
    const file = await readTextualInversion(
      bytesAccess(await readFile(join(app.services.folders.embeddings, "zeros.safetensors"))),
    );
    expect(file.vectors).toEqual(new Float32Array(128));
    expect((await send("POST", "/api/embeddings", { name: "spaces", initText: "  " })).json()).toMatchObject({
      details: { field: "initText" },
    });
  });

  test("a name that is taken in any format or case, or is not allowed, gives an error beside the field", async () => {
    await send("POST", "/api/embeddings", { name: "taken", fileFormat: "safetensors" });
    const again = await send("POST", "/api/embeddings", { name: "Taken", fileFormat: "pt" });
    expect(again.statusCode).toBe(409);
    expect(again.json()).toMatchObject({ code: "EMBEDDING_EXISTS", details: { field: "name" } });
    const bad = await send("POST", "/api/embeddings", { name: "a/b" });
    expect(bad.statusCode).toBe(400);
    expect(bad.json()).toMatchObject({ code: "REQUEST_MALFORMED", details: { field: "name" } });
    expect((await send("POST", "/api/embeddings", { name: "x", numVectorsPerToken: 99 })).json()).toMatchObject({
      details: { field: "numVectorsPerToken" },
    });
  });

  test.each([
    ["字".repeat(100), "bytes"],
    ["con", "device"],
    ["mira.", "dot"],
    ["mira.pt", 'Leave out the ending ".pt"'],
  ])(
    "the name %j, which not every operating system takes, gives a sentence beside the field",
    async (name, sentence) => {
      await send("POST", "/api/embeddings", { name: "renamed" });
      const tries = [
        await send("POST", "/api/embeddings", { name }),
        await send("POST", "/api/embeddings/renamed/rename", { name }),
      ];
      for (const { statusCode, json } of tries) {
        expect(statusCode).toBe(400);
        expect(json()).toMatchObject({ message: expect.stringContaining(sentence), details: { field: "name" } });
      }
    },
  );

  test("an embedding with a name too long for its file is refused before its training", async () => {
    await send("POST", "/api/embeddings", { name: "short" });
    const { folders } = app.services;
    const name = "字".repeat(83);
    await copyFile(join(folders.embeddings, "short.pt"), join(folders.embeddings, `${name}.pt`));
    const dataRoot = join(folders.datasets, "long");
    await mkdir(dataRoot);
    await writePicture(join(dataRoot, "1.png"));
    const settings = { embeddingName: name, dataRoot, templateFilename: "subject.txt" };
    const refused = await send("POST", "/api/jobs", { kind: "train-embedding", settings });
    expect(refused.statusCode).toBe(422);
    expect(refused.json()).toMatchObject({ code: "EMBEDDING_NAME_UNUSABLE", details: { field: "embeddingName" } });
  });

  test("names that differ in case or normal form are one word for create, overwrite and rename", async () => {
    await send("POST", "/api/embeddings", { name: "Caf\u00e9" });
    for (const name of ["cafe\u0301", "CAF\u00c9"]) {
      expect((await send("POST", "/api/embeddings", { name })).json()).toMatchObject({ code: "EMBEDDING_EXISTS" });
    }
    await send("POST", "/api/embeddings", { name: "other" });
    const renamed = await send("POST", "/api/embeddings/other/rename", { name: "cafe\u0301" });
    expect(renamed.json()).toMatchObject({ code: "EMBEDDING_EXISTS" });
    await send("POST", "/api/embeddings", { name: "cafe\u0301", overwriteOld: true });
    const files = await readdir(app.services.folders.embeddings);
    expect(files.filter((file) => file.normalize("NFC").toLowerCase() === "caf\u00e9.pt")).toEqual(["cafe\u0301.pt"]);
  });

  test("overwriting replaces the file of the other format, which goes to the bin", async () => {
    await send("POST", "/api/embeddings", { name: "both", fileFormat: "safetensors" });
    await send("POST", "/api/embeddings", { name: "both", fileFormat: "pt", overwriteOld: true });
    const files = (await readdir(app.services.folders.embeddings)).filter((name) => name.startsWith("both"));
    expect(files).toEqual(["both.pt"]);
  });

  test("rename, delete, undo", async () => {
    await send("POST", "/api/embeddings", { name: "before" });
    const renamed = await send("POST", "/api/embeddings/before/rename", { name: "after" });
    expect(renamed.json()).toMatchObject({ name: "after" });
    expect((await send("POST", "/api/embeddings/after/rename", { name: "taken" })).statusCode).toBe(409);
    const { undoToken } = (await send("DELETE", "/api/embeddings/after")).json();
    expect(await names()).not.toContain("after");
    expect((await send("POST", "/api/undo", { undoToken })).statusCode).toBe(200);
    expect(await names()).toContain("after");
    expect((await send("POST", "/api/undo", { undoToken })).json()).toMatchObject({ code: "BIN_ENTRY_MISSING" });
    expect((await send("DELETE", "/api/embeddings/none")).statusCode).toBe(404);
  });

  test("export converts the embedding and leaves no file beside it", async () => {
    await send("POST", "/api/embeddings", { name: "export me", initText: "woman" });
    const response = await app.server.inject("/api/embeddings/export%20me/file?format=safetensors");
    expect(response.headers["content-disposition"]).toContain('filename="export me.safetensors"');
    const exported = await readTextualInversion(bytesAccess(new Uint8Array(response.rawPayload)));
    const own = await readTextualInversion(
      bytesAccess(await readFile(join(app.services.folders.embeddings, "export me.pt"))),
    );
    expect(exported.vectors).toEqual(own.vectors);
    expect((await readdir(app.services.folders.embeddings)).filter((name) => name.startsWith("export"))).toEqual([
      "export me.pt",
    ]);
  });

  test("an embedding of another width and an unreadable embedding have the reason", async () => {
    const folder = app.services.folders.embeddings;
    await writeFile(join(folder, "wide.safetensors"), safetensorsOfZeros({ emb_params: [2, 768] }));
    await writeFile(join(folder, "broken.pt"), "nothing of the kind");
    const all = await get("/api/embeddings");
    const find = (name: string) => all.find((one: { name: string }) => one.name === name);
    expect(find("wide").misfitReason).toContain("768 wide");
    expect(find("broken").misfitReason).toMatch(/./);
    const job = {
      kind: "train-embedding",
      settings: { embeddingName: "wide", dataRoot: DEMO_PHOTOS_DIR, templateFilename: "subject.txt" },
    };
    expect((await send("POST", "/api/jobs", job)).json()).toMatchObject({
      code: "EMBEDDING_MISFIT",
      details: { field: "embeddingName" },
    });
  });

  test("a copy of a run becomes the embedding; the run is listed with its previews", async () => {
    await send("POST", "/api/embeddings", { name: "runner", initText: "man" });
    const run = join(app.services.folders.runs, "2026-11-24", "runner");
    await mkdir(join(run, "embeddings"), { recursive: true });
    await mkdir(join(run, "images"));
    const bytes = (await app.server.inject("/api/embeddings/stretched/file?format=pt")).rawPayload;
    await writeFile(join(run, "embeddings", "runner-200.pt"), bytes);
    await writeFile(join(run, "embeddings", "runner-50.pt"), bytes);
    await writePicture(join(run, "images", "runner-200.png"));
    const [listed] = await get("/api/runs?embedding=runner");
    expect(listed).toMatchObject({
      embeddingName: "runner",
      folder: run,
      copies: [{ step: 50 }, { step: 200 }],
      previews: [{ step: 200 }],
    });
    const used = await send("POST", "/api/embeddings/runner/use-copy", {
      path: join(run, "embeddings", "runner-200.pt"),
    });
    expect(used.json()).toMatchObject({
      name: "runner",
      vectors: 3,
      previewPath: join(run, "images", "runner-200.png"),
    });
  });

  async function names(): Promise<string[]> {
    return (await get("/api/embeddings")).map(({ name }: { name: string }) => name);
  }
});

async function tableRow(id: number): Promise<Float32Array> {
  const bytes = await readFile(DEMO_CHECKPOINT_PATH);
  const table = (await readSafetensorsHeader(bytesAccess(bytes))).tensors.get(TOKEN_EMBEDDING_KEY)!;
  const row = new Uint8Array(bytes.subarray(table.offset + id * 256, table.offset + (id + 1) * 256));
  return float16ToFloat32(new Uint16Array(row.buffer));
}
