/** @file The contents of the data folder over HTTP, as users meet them: second runs, captions in any encoding, templates with the same name, pictures of any format, usable words. */
import { execFileSync } from "node:child_process";
import { chmod, copyFile, cp, mkdir, readdir, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { RunFolders } from "@lexeme/data-folder";
import { withoutRights } from "@lexeme/data-folder/testing";
import { DEMO_CHECKPOINT_PATH } from "@lexeme/demo";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { requestsTo } from "./requests.ts";
import { writePicture } from "./sample-files.ts";
import { testApp, type TestApp } from "./test-app.ts";

let app: TestApp;
/** An embedding that fits the demo checkpoint. */
let embedding: Buffer;

beforeAll(async () => {
  app = await testApp();
  await send("POST", "/api/embeddings", { name: "fits" });
  embedding = (await app.server.inject("/api/embeddings/fits/file?format=pt")).rawPayload;
}, 120_000);
afterAll(() => app.end(), 30_000);
const { get, send } = requestsTo(() => app);

const inData = (...parts: string[]) => join(app.dataDir, ...parts);
const query = (path: string) => encodeURIComponent(path);

/** Writes the files of a training run. */
async function writeRun(name: string, steps: readonly number[]): Promise<void> {
  const runs = new RunFolders(app.services.folders.runs);
  const run = await runs.open({ embeddingName: name, resumedFolder: undefined, initialStep: 0, now: new Date() });
  await run.writeSettings({ embedding_name: name }, new Date());
  for (const step of steps) {
    await writeFile(run.copyPath(step, "pt"), embedding);
    await writePicture(run.previewPath(step));
  }
}

/** A folder with one good picture and the given files. */
async function dataset(name: string, files: Record<string, string | Uint8Array> = {}): Promise<string> {
  const folder = inData("datasets", name);
  await mkdir(folder, { recursive: true });
  for (const [file, content] of Object.entries(files)) await writeFile(join(folder, file), content);
  return folder;
}

test("a day's second run belongs to the embedding: its copies, its preview, the plot's axis, sharing", async () => {
  await writeFile(inData("embeddings", "mira.pt"), embedding);
  await writeRun("mira", [10]);
  await writeRun("mira", [20, 30]);
  const runs = await get("/api/runs?embedding=mira");
  expect(runs.map((run: { copies: { step: number }[] }) => run.copies.map(({ step }) => step))).toEqual([
    [20, 30],
    [10],
  ]);
  const [mira] = (await get("/api/embeddings")).filter(({ name }: { name: string }) => name === "mira");
  expect(mira.previewPath).toContain("mira (2)");
  const plot = { prompt: "mira", xType: "Training copy", xValues: "10, 20, 30", xyzEmbedding: "mira" };
  expect((await send("POST", "/api/jobs", { kind: "xyz-plot", settings: plot })).statusCode).toBe(200);
  const shared = await app.server.inject(`/api/embeddings/mira/file?format=png&picture=${query(mira.previewPath)}`);
  expect(shared.headers["content-type"]).toBe("image/png");
});

test("an unreadable run does not hide the runs of other embeddings", async () => {
  await writeFile(inData("embeddings", "alma.pt"), embedding);
  await writeRun("alma", [10]);
  const [{ folder }] = await get("/api/runs?embedding=alma");
  const broken = join(folder, "..", "broken (2)");
  await mkdir(broken);
  // A link to itself cannot be read by anybody, root included.
  await symlink("embeddings", join(broken, "embeddings"));
  expect(await get("/api/runs?embedding=alma")).toMatchObject([{ copies: [{ step: 10 }] }]);
  const { previewPath } = (await get("/api/embeddings")).find(({ name }: { name: string }) => name === "alma");
  expect(previewPath).toContain("alma-10.png");
  const refused = await app.server.inject("/api/runs?embedding=broken");
  expect(refused.json()).toMatchObject({ code: "FILE_UNREADABLE" });
  await rm(broken, { recursive: true });
});

describe("captions", () => {
  test("a caption that no prompt can have is named with the place of its fault", async () => {
    const folder = await dataset("no-prompt", { "a.txt": "(red:1.2.3)", "b.txt": "(red:1.2)" });
    for (const file of ["a.png", "b.png"]) await writePicture(join(folder, file));
    const { pictures } = await get(`/api/dataset?path=${query(folder)}`);
    expect(pictures).toMatchObject([
      { caption: "(red:1.2.3)", captionFault: null, promptFault: expect.stringContaining('"1.2.3" at character 6') },
      { caption: "(red:1.2)", captionFault: null, promptFault: null },
    ]);
  });

  test("in any known encoding are the same in list and file; an unreadable caption is reported and never overwritten", async () => {
    const strange = Uint8Array.from([0xea, 0xf0, 0xe0, 0xf1, 0xed, 0xe0, 0xff]);
    const folder = await dataset("captions", {
      "a.txt": Buffer.from("caf\xe9 cr\xe8me", "latin1"),
      "b.txt": Buffer.from("\uFEFFred hair", "utf16le"),
      "c.txt": strange,
      "d.TXT": "loud",
    });
    for (const file of ["a.png", "b.png", "c.png", "d.PNG"]) await writePicture(join(folder, file));
    const { pictures } = await get(`/api/dataset?path=${query(folder)}`);
    expect(pictures).toMatchObject([
      { file: "a.png", caption: "café crème", hasCaptionFile: true, captionFault: null },
      { file: "b.png", caption: "red hair", hasCaptionFile: true, captionFault: null },
      { file: "c.png", caption: "", hasCaptionFile: true, captionFault: expect.stringContaining('"c.txt"') },
      { file: "d.PNG", caption: "loud", hasCaptionFile: true, captionFault: null },
    ]);
    const save = (file: string) => send("PUT", "/api/dataset/caption", { path: join(folder, file), caption: "new" });
    expect((await save("c.png")).json()).toMatchObject({ code: "CAPTION_UNREADABLE" });
    expect(Uint8Array.from(await readFile(join(folder, "c.txt")))).toEqual(strange);
    for (const file of ["a.png", "d.PNG"]) expect((await save(file)).json()).toMatchObject({ caption: "new" });
    expect(await readFile(join(folder, "a.txt"), "utf8")).toBe("new");
    expect(await readFile(join(folder, "d.TXT"), "utf8")).toBe("new");
    expect(await readdir(folder)).toHaveLength(8);
  });
});

describe("captions from other programs", () => {
  test("NULs at the end, control characters and the page's own texts are read and can be corrected", async () => {
    const files = { "a.txt": "a cat\0", "b.txt": "caf\u00e9\0", "c.txt": "dog\u001A", "d.txt": "x\u0085y" };
    const folder = await dataset("controls", files);
    for (const file of ["a.png", "b.png", "c.png", "d.png"]) await writePicture(join(folder, file));
    const shown = async () =>
      (await get(`/api/dataset?path=${query(folder)}`)).pictures.map(
        ({ caption, captionFault }: { caption: string; captionFault: string | null }) => captionFault ?? caption,
      );
    expect(await shown()).toEqual(["a cat", "caf\u00e9", "dog\u001A", "x\u0085y"]);
    const written = ["a\vb", "\v", "\u0001\u0002", "*\u000E'\u000E"];
    for (const round of [written, written.toReversed()]) {
      for (const [i, caption] of round.entries()) {
        const path = join(folder, `${"abcd"[i]}.png`);
        const saved = await send("PUT", "/api/dataset/caption", { path, caption });
        expect(saved.json()).toMatchObject({ caption, captionFault: null });
      }
      expect(await shown()).toEqual(round);
    }
  });
});

test("of two templates with one name the template in the sub-folder is shown, as a training reads it", async () => {
  const { templates } = app.services.folders;
  await writeFile(join(templates, "double.txt"), "[name] at the top\n");
  await mkdir(join(templates, "sub"));
  await writeFile(join(templates, "sub", "double.txt"), "[name] in the folder\n");
  const shown = (await get("/api/templates")).filter(({ filename }: { filename: string }) => filename === "double.txt");
  expect(shown).toMatchObject([{ lines: ["[name] in the folder"] }]);
  expect(await app.services.templates.require("double.txt")).toEqual(["[name] in the folder"]);
});

describe("pictures", () => {
  test("that cannot be read are listed with the reason, and counted as the engine counts them", async () => {
    const scan = await sharp({ create: { width: 8, height: 8, channels: 3, background: "red" } })
      .jpeg()
      .toBuffer();
    // The height and width of the frame header.
    const frame = scan.indexOf(Buffer.from([0xff, 0xc0]));
    scan.writeUInt16BE(20_000, frame + 5);
    scan.writeUInt16BE(20_000, frame + 7);
    const folder = await dataset("odd", { "1.bmp": "BM", "2.heic": "ftypheic", "3.jpg": scan });
    await symlink(join(folder, "moved.png"), join(folder, "4.png"));
    execFileSync("mkfifo", [join(folder, "5.png")]);
    const { pictures, broken } = await get(`/api/dataset?path=${query(folder)}`);
    expect(pictures).toEqual([]);
    expect(broken).toEqual([
      { file: "1.bmp", reason: "BMP pictures cannot be read here: save the picture as PNG or JPEG" },
      { file: "2.heic", reason: "HEIC pictures cannot be read here: save the picture as PNG or JPEG" },
      {
        file: "3.jpg",
        reason: "it has more pixels than 16,384 x 16,384, the largest size that can be read: make it smaller",
      },
      { file: "4.png", reason: "the link leads nowhere" },
      { file: "5.png", reason: "it is not a file but a folder, a pipe or a device" },
    ]);
    const { folders } = await get(`/api/folders?path=${query(inData("datasets"))}`);
    expect(folders).toContainEqual({ name: "odd", path: folder, pictures: 5 });
    for (const route of ["file", "thumbnail", "picture-info"]) {
      const answer = await app.server.inject(`/api/${route}?path=${query(join(folder, "5.png"))}`);
      expect(answer.json()).toMatchObject({ code: "NOT_A_PICTURE" });
    }
  });

  test("with the same time are all listed, page by page; a pipe among them does not block the list", async () => {
    const day = inData("outputs", "txt2img-images", "2026-11-25");
    await mkdir(day, { recursive: true });
    await writePicture(join(day, "0.png"));
    const at = new Date(2026, 10, 25);
    for (let i = 1; i < 150; i++) await copyFile(join(day, "0.png"), join(day, `${i}.png`));
    for (let i = 0; i < 150; i++) await utimes(join(day, `${i}.png`), at, at);
    execFileSync("mkfifo", [join(day, "pipe.png")]);
    app.services.gallery.changed();
    const found = new Set<string>();
    let page = await get("/api/images?limit=60");
    for (let pages = 1; pages <= 3; pages++) {
      for (const { path } of page.images) found.add(path);
      const last = page.images.at(-1);
      page = await get(`/api/images?limit=60&before=${last.createdAt}&beforePath=${query(last.path)}`);
    }
    expect(found.size).toBe(150);
    expect(page).toEqual({ images: [], more: false });
    await rm(day, { recursive: true });
  });
});

describe("permissions", () => {
  /** The answer to a request while the server has only the rights of other users. */
  const refused = async (url: string) => (await withoutRights(async () => app.server.inject(url))).json();

  test("a file that may not be read is a failure to read in every answer", async () => {
    await chmod(app.dataDir, 0o755);
    const folder = await dataset("closed");
    await writePicture(join(folder, "a.png"));
    await chmod(join(folder, "a.png"), 0o000);
    const path = query(join(folder, "a.png"));
    for (const route of ["file?", "picture-info?", "thumbnail?size=256&"]) {
      const answer = await refused(`/api/${route}path=${path}`);
      expect(answer).toMatchObject({ code: "NOT_A_PICTURE", message: expect.stringContaining("it may not be read") });
    }
    const word = inData("embeddings", "closed.pt");
    await writeFile(word, embedding, { mode: 0o000 });
    await chmod(word, 0o000);
    expect(await refused(`/api/file?path=${query(word)}`)).toMatchObject({ code: "FILE_UNREADABLE" });
    await rm(word);
  });

  test("a folder that may not be entered is not called missing, and nothing is told about paths outside the roots", async () => {
    const folder = await dataset("locked");
    await mkdir(join(folder, "inner"));
    await chmod(folder, 0o600);
    const inner = `/api/dataset?path=${query(join(folder, "inner"))}`;
    expect(await refused(inner)).toMatchObject({ code: "FILE_UNREADABLE" });
    expect(await refused(`/api/dataset?path=${query("/root/x/y")}`)).toMatchObject({ code: "PATH_OUTSIDE" });
    await chmod(folder, 0o755);
    expect(await get(inner)).toMatchObject({ pictures: [] });
  });

  test("a picture, a checkpoint and an upscaler are read as soon as this is permitted", async () => {
    await chmod(app.dataDir, 0o755);
    const folder = await dataset("opened");
    const [picture, model, upscaler] = [
      join(folder, "a.png"),
      inData("models", "Stable-diffusion", "mine.safetensors"),
      inData("models", "ESRGAN", "mine.pth"),
    ];
    await writePicture(picture);
    await copyFile(DEMO_CHECKPOINT_PATH, model);
    await mkdir(inData("models", "ESRGAN"), { recursive: true });
    await writeFile(upscaler, "no model");
    const asked = async () => {
      const inject = async (url: string) => (await app.server.inject(url)).json();
      const { pictures } = await inject(`/api/dataset?path=${query(folder)}`);
      const { unsupportedReason } = (await inject("/api/checkpoints")).find(
        ({ path }: { path: string }) => path === model,
      );
      const { unusableReason } = (await inject("/api/upscalers")).find(
        ({ path }: { path: string }) => path === upscaler,
      );
      return [pictures.length, unsupportedReason, unusableReason];
    };
    for (const path of [picture, model, upscaler]) await chmod(path, 0o000);
    expect(await withoutRights(asked)).toEqual([
      0,
      expect.stringContaining("give the user who runs Lexeme access to it"),
      expect.stringContaining("give the user who runs Lexeme access to it"),
    ]);
    for (const path of [picture, model, upscaler]) await chmod(path, 0o644);
    expect(await withoutRights(asked)).toEqual([1, null, expect.not.stringContaining("access")]);
    await Promise.all([rm(model), rm(upscaler)]);
  });
});

describe("words that work in prompts", () => {
  test.each(["charturner(v2)", "it's", "cafe\u0301", "हिन्दी"])(
    "%s can be trained on, and takes a copy of its run",
    async (name) => {
      await cp(inData("embeddings", "fits.pt"), inData("embeddings", `${name}.pt`));
      const folder = await dataset("words");
      await writePicture(join(folder, "1.png"));
      const settings = { embeddingName: name, dataRoot: folder, templateFilename: "subject.txt" };
      const job = await send("POST", "/api/jobs", { kind: "train-embedding", settings });
      expect(job.json()).toMatchObject({ request: { settings: { embeddingName: name } } });
      await send("POST", `/api/jobs/${job.json().id}/cancel`);
      await writeRun(name, [5]);
      const [run] = await get(`/api/runs?embedding=${query(name)}`);
      expect(run).toMatchObject({ embeddingName: name, copies: [{ step: 5 }] });
      const other = `other-${name.length}`;
      await cp(inData("embeddings", "fits.pt"), inData("embeddings", `${other}(1).pt`));
      const used = await send("POST", `/api/embeddings/${query(`${other}(1)`)}/use-copy`, { path: run.copies[0].path });
      expect(used.json()).toMatchObject({ name: `${other}(1)` });
    },
  );

  test("a new word may have marks of any script; brackets are still refused", async () => {
    expect((await send("POST", "/api/embeddings", { name: "हिन्दी नया" })).statusCode).toBe(200);
    expect((await send("POST", "/api/embeddings", { name: "new(v2)" })).statusCode).toBe(400);
  });
});
