/** @file Data sets: pictures and captions, the folder browser, uploads, and a job's errors beside their fields. */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Template } from "@lexeme/protocol";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { requestsTo } from "./requests.ts";
import { writePicture } from "./sample-files.ts";
import { testApp, type TestApp } from "./test-app.ts";

let app: TestApp;

beforeAll(async () => {
  app = await testApp();
}, 120_000);
afterAll(() => app.end(), 30_000);
const { get, send } = requestsTo(() => app);

describe("data sets", () => {
  test("pictures with captions in natural order, with sizes of upright pictures; broken pictures are reported", async () => {
    const folder = join(app.services.folders.datasets, "set");
    await mkdir(folder);
    await writePicture(join(folder, "10.png"));
    await writePicture(join(folder, "2-a red car.png"));
    await sharp({ create: { width: 30, height: 20, channels: 3, background: "blue" } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toFile(join(folder, "3.jpg"));
    await writeFile(join(folder, "4.png"), "not a picture");
    await writeFile(join(folder, "10.txt"), "written");
    const dataset = await get(`/api/dataset?path=${encodeURIComponent(folder)}`);
    expect(dataset.pictures).toMatchObject([
      { file: "2-a red car.png", caption: "a red car", hasCaptionFile: false },
      { file: "3.jpg", width: 20, height: 30 },
      { file: "10.png", caption: "written", hasCaptionFile: true },
    ]);
    expect(dataset.broken).toMatchObject([{ file: "4.png" }]);
  });

  test("a whole caption is saved beside its picture", async () => {
    const folder = join(app.services.folders.datasets, "set");
    const saved = await send("PUT", "/api/dataset/caption", {
      path: join(folder, "10.png"),
      caption: "a blue square, 東京",
    });
    expect(saved.json()).toMatchObject({ caption: "a blue square, 東京", hasCaptionFile: true });
    expect(await readFile(join(folder, "10.txt"), "utf8")).toBe("a blue square, 東京");
    expect((await readdir(folder)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
    // Characters that no prompt and no job's row can hold are dropped, as in A1111.
    const told = await send("PUT", "/api/dataset/caption", { path: join(folder, "10.png"), caption: "a\0 cat \uD83D" });
    expect(told.json()).toMatchObject({ caption: "a cat \uFFFD" });
    expect(await readFile(join(folder, "10.txt"), "utf8")).toBe("a cat \uFFFD");
  });

  test("a caption that cannot be a prompt is told before a training, and can be corrected", async () => {
    const path = join(app.services.folders.datasets, "set", "10.png");
    const broken = await send("PUT", "/api/dataset/caption", { path, caption: "a (cat:1.2.3)" });
    expect(broken.json()).toMatchObject({ captionFault: null, promptFault: expect.stringContaining("1.2.3") });
    const mended = await send("PUT", "/api/dataset/caption", { path, caption: "a cat \uFFFD" });
    expect(mended.json()).toMatchObject({ promptFault: null });
  });

  test("a template line that cannot be a prompt is told in the list, before a training", async () => {
    await writeFile(join(app.services.folders.templates, "odd.txt"), "a [name]\na (red:1.2.3) [name]\n");
    const templates = (await get("/api/templates")) as Template[];
    const faults = Object.fromEntries(templates.map(({ filename, promptFault }) => [filename, promptFault]));
    expect(faults).toMatchObject({ "style.txt": null, "odd.txt": expect.stringContaining('"a (red:1.2.3) [name]"') });
  });

  test("the folder browser starts at the roots and does not go above them", async () => {
    const top = await get("/api/folders");
    expect(top).toMatchObject({ parent: null });
    expect(top.folders.map(({ name }: { name: string }) => name)).toContain("Demo photos");
    const datasets = await get(`/api/folders?path=${encodeURIComponent(app.services.folders.datasets)}`);
    expect(datasets.parent).toBeNull();
    expect(datasets.folders).toContainEqual({
      name: "set",
      path: join(app.services.folders.datasets, "set"),
      pictures: 4,
    });
  });

  test("an upload keeps pictures and captions, renames files with a name that is taken, and refuses other files by name", async () => {
    const png = await sharp({ create: { width: 8, height: 8, channels: 3, background: "green" } })
      .png()
      .toBuffer();
    const response = await upload([
      ["../../a.png", png],
      ["A.png", png],
      ["a.txt", Buffer.from("a caption")],
      ["broken.jpg", Buffer.from("no picture")],
      ["run.exe", Buffer.from("MZ")],
    ]);
    expect(response.statusCode).toBe(200);
    const { path, pictures, refused } = response.json();
    expect(pictures).toBe(2);
    expect(refused.map(({ file }: { file: string }) => file)).toEqual(["broken.jpg", "run.exe"]);
    expect((await readdir(path)).toSorted()).toEqual(["A-2.png", "a.png", "a.txt"]);
    expect(path.startsWith(app.services.folders.uploads)).toBe(true);
  });

  test("a second upload adds to the first; a picture that is there already is refused, and one can be taken away", async () => {
    const png = async (background: string): Promise<Buffer> =>
      sharp({ create: { width: 8, height: 8, channels: 3, background } })
        .png()
        .toBuffer();
    const first = await upload([["a.png", await png("green")]]);
    const { path } = first.json();
    const second = await upload(
      [
        ["a.png", await png("green")],
        ["b.png", await png("blue")],
        ["A.png", await png("red")],
        ["A.txt", Buffer.from("red")],
      ],
      path,
    );
    expect(second.json()).toMatchObject({
      path,
      pictures: 2,
      refused: [{ file: "a.png", reason: "is in the folder already" }],
    });
    const both = [
      ["a.png", await png("green")],
      ["b.png", await png("blue")],
    ] as [string, Buffer][];
    const refusal = async (files: [string, Buffer][]): Promise<string> => (await upload(files, path)).json().message;
    expect(await refusal(both)).toBe('No picture was kept: "a.png" is in the folder already, and 1 more');
    const odd: [string, Buffer] = ["c.jpg", Buffer.from("no picture")];
    expect(await refusal([...both, odd])).toMatch(/^No picture was kept: "c\.jpg" .*; 2 for other reasons$/u);
    // The new picture's caption must not become that of the old one.
    expect((await readdir(path)).toSorted()).toEqual(["A-2.png", "A-2.txt", "a.png", "b.png"]);
    const listed = async () => get(`/api/dataset?path=${encodeURIComponent(path)}`);
    expect(await listed()).toMatchObject({ isUpload: true, pictures: [{}, {}, {}] });

    const taken = await send("POST", "/api/dataset/remove", { path: join(path, "A-2.png") });
    expect((await readdir(path)).toSorted()).toEqual(["a.png", "b.png"]);
    await send("POST", "/api/undo", { undoToken: taken.json().undoToken });
    expect((await readdir(path)).toSorted()).toEqual(["A-2.png", "A-2.txt", "a.png", "b.png"]);

    // An upload that fails leaves the folder as it was.
    const failed = await upload([["broken.jpg", Buffer.from("no picture")]], path);
    expect(failed.json()).toMatchObject({ code: "UPLOAD_EMPTY" });
    expect((await readdir(path)).toSorted()).toEqual(["A-2.png", "A-2.txt", "a.png", "b.png"]);
    const elsewhere = join(app.services.folders.datasets, "set");
    expect((await upload([["c.png", await png("red")]], elsewhere)).json()).toMatchObject({ code: "PATH_OUTSIDE" });
    expect((await send("POST", "/api/dataset/remove", { path: join(elsewhere, "10.png") })).statusCode).toBe(403);
    expect(await get(`/api/dataset?path=${encodeURIComponent(elsewhere)}`)).toMatchObject({ isUpload: false });
  });

  test("uploads into one folder at once all keep their pictures, each with its own caption", async () => {
    const png = async (red: number): Promise<Buffer> =>
      sharp({ create: { width: 8, height: 8, channels: 3, background: { r: red, g: 0, b: 0 } } })
        .png()
        .toBuffer();
    const { path } = (await upload([["first.png", await png(255)]])).json();
    const answers = await Promise.all(
      [1, 2, 3, 4, 5].map(async (red) =>
        upload(
          [
            ["same.png", await png(red)],
            ["same.txt", Buffer.from(String(red))],
          ],
          path,
        ),
      ),
    );
    expect(answers.map((answer) => answer.json().pictures)).toEqual([1, 1, 1, 1, 1]);
    const pictures = (await readdir(path)).filter((name) => name.startsWith("same") && name.endsWith(".png"));
    expect(pictures).toHaveLength(5);
    for (const picture of pictures) {
      const [red] = await sharp(join(path, picture)).raw().toBuffer();
      expect(await readFile(join(path, picture.replace(".png", ".txt")), "utf8")).toBe(String(red));
    }
    expect((await readdir(path)).filter((name) => name.startsWith("."))).toEqual([]);
  });

  test("too many files at once are refused as a whole", async () => {
    const before = await readdir(app.services.folders.uploads);
    const png = await sharp({ create: { width: 1, height: 1, channels: 3, background: "green" } })
      .png()
      .toBuffer();
    const response = await upload(Array.from({ length: 501 }, (_, i): [string, Buffer] => [`${i}.png`, png]));
    expect(response.statusCode).toBe(413);
    expect(response.json().message).toContain("At most 500 files");
    expect(await readdir(app.services.folders.uploads)).toEqual(before);
  });

  test("names that file systems refuse become names that they allow, and no picture is lost", async () => {
    const picture = await sharp({ create: { width: 8, height: 8, channels: 3, background: "blue" } })
      .jpeg()
      .toBuffer();
    const long = "字".repeat(120);
    const names = [
      `${long}.jpg`,
      `${long}b.jpg`,
      "con.jpg",
      "aux.old.jpg",
      "a .jpg",
      "cafe\u0301.jpg",
      "CAF\u00c9.jpg",
    ];
    const response = await upload(names.map((name) => [name, picture]));
    expect(response.json()).toMatchObject({ pictures: names.length, refused: [] });
    expect((await readdir(response.json().path)).toSorted()).toEqual(
      [
        `${"字".repeat(66)}.jpg`,
        `${"字".repeat(66)}-2.jpg`,
        "_con.jpg",
        "_aux.old.jpg",
        "a.jpg",
        "caf\u00e9.jpg",
        "CAF\u00c9-2.jpg",
      ].toSorted(),
    );
  });

  test("an upload without a picture leaves no folder behind", async () => {
    const before = await readdir(app.services.folders.uploads);
    const response = await upload([["notes.pdf", Buffer.from("%PDF")]]);
    expect(response.json()).toMatchObject({ code: "UPLOAD_EMPTY", details: { field: "processSrc" } });
    expect(await readdir(app.services.folders.uploads)).toEqual(before);
  });

  test("a job's errors are beside their fields", async () => {
    await send("POST", "/api/embeddings", { name: "fits" });
    const set = join(app.services.folders.datasets, "set");
    const empty = join(app.services.folders.datasets, "empty");
    await mkdir(empty);
    const training = { embeddingName: "fits", dataRoot: set, templateFilename: "subject.txt" };
    await writeFile(join(app.services.folders.templates, "weights.txt"), "a photo of [name]\n(a [name]:1.2.3)\n");
    const cases: [string, object, string][] = [
      ["train-embedding", { ...training, learnRate: "5e-2:100, x" }, "learnRate"],
      ["train-embedding", { ...training, embeddingName: "nobody" }, "embeddingName"],
      ["train-embedding", { ...training, dataRoot: empty }, "dataRoot"],
      ["train-embedding", { ...training, dataRoot: "/etc" }, "dataRoot"],
      ["train-embedding", { ...training, templateFilename: "none.txt" }, "templateFilename"],
      ["train-embedding", { ...training, templateFilename: "nowhere.txt" }, "templateFilename"],
      ["train-embedding", { ...training, templateFilename: "weights.txt" }, "templateFilename"],
      ["train-embedding", { ...training, steps: 0 }, "steps"],
      ["train-embedding", { ...training, trainingWidth: 7 }, "trainingWidth"],
      ["train-embedding", { ...training, checkpoint: "none.safetensors" }, "checkpoint"],
      ["train-embedding", { ...training, resumeFrom: join(set, "10.png") }, "resumeFrom"],
      ["txt2img", { prompt: "(a:1.2.3)" }, "prompt"],
      ["txt2img", { prompt: "a", negativePrompt: "(a:.)" }, "negativePrompt"],
      ["txt2img", { prompt: "a", steps: 1001 }, "steps"],
      ["preprocess", { processSrc: set, processDst: set }, "processDst"],
      ["preprocess", { processSrc: set, processDst: `${set}/../set/` }, "processDst"],
      ["preprocess", { processSrc: empty, processDst: set }, "processSrc"],
      ["preprocess", { processSrc: set, processDst: "/tmp" }, "processDst"],
    ];
    for (const [kind, settings, field] of cases) {
      const response = await send("POST", "/api/jobs", { kind, settings });
      expect({
        settings,
        status: response.statusCode >= 400 && response.statusCode < 500,
        field: response.json().details?.field,
      }).toEqual({ settings, status: true, field });
    }
    const rate = await send("POST", "/api/jobs", {
      kind: "train-embedding",
      settings: { ...training, learnRate: "5e-2:100, x" },
    });
    expect(rate.json().details.position).toBe(10);
  });
});

function upload(files: [name: string, content: Buffer][], into?: string) {
  const boundary = "----pictures";
  const parts = files.flatMap(([name, content]) => [
    Buffer.from(
      `--${boundary}\r\nContent-Disposition: form-data; name="pictures"; filename="${name}"\r\nContent-Type: application/octet-stream\r\n\r\n`,
    ),
    content,
    Buffer.from("\r\n"),
  ]);
  const payload = Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]);
  return app.server.inject({
    method: "POST",
    url: "/api/uploads",
    query: into === undefined ? {} : { into },
    payload,
    headers: { "content-type": `multipart/form-data; boundary=${boundary}` },
  });
}
