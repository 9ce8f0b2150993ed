/** @file A folder of pictures and captions: which files count, the text of each caption, and the faults of unreadable files. */
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DatasetFolder, readCaption, writeCaption } from "./dataset-folder.ts";
import { pictureFault, pictureSize } from "./picture-file.ts";

let root: string;
beforeEach(async () => void (root = await mkdtemp(join(tmpdir(), "lexeme-dataset-"))));
afterEach(() => rm(root, { recursive: true }));

const put = (files: Record<string, string | Uint8Array>) =>
  Promise.all(Object.entries(files).map(([name, content]) => writeFile(join(root, name), content)));
const picture = (format: "png" | "jpeg" = "png") =>
  sharp({ create: { width: 6, height: 4, channels: 3, background: "red" } })
    .toFormat(format)
    .toBuffer();
const pictures = () => new DatasetFolder(root).pictures();

describe("pictures", () => {
  it("are recognised by their endings, in natural order, including formats that sharp cannot read", async () => {
    await put({
      "10.png": "",
      "2.JPG": "",
      "3.bmp": "",
      "4.heic": "",
      ".hidden.png": "",
      "notes.txt": "",
      "run.exe": "",
    });
    await mkdir(join(root, "folder.png"));
    await symlink(join(root, "folder.png"), join(root, "linked.png"));
    expect((await pictures()).map(({ file, index }) => [file, index])).toEqual([
      ["2.JPG", 0],
      ["3.bmp", 1],
      ["4.heic", 2],
      ["10.png", 3],
    ]);
  });

  it("a folder without pictures and a missing folder have an error", async () => {
    await expect(new DatasetFolder(root).requirePictures()).rejects.toMatchObject({ code: "NO_PICTURES" });
    await put({ file: "" });
    for (const path of [join(root, "none"), join(root, "file")])
      await expect(new DatasetFolder(path).pictures()).rejects.toMatchObject({ code: "FOLDER_MISSING" });
  });

  it("an unreadable picture has a reason: a link to nowhere, a pipe, a scan that is too large, a format that cannot be read", async () => {
    const scan = await picture("jpeg");
    // The height and width of a JPEG's frame header.
    const frame = scan.indexOf(Buffer.from([0xff, 0xc0]));
    scan.writeUInt16BE(20_000, frame + 5);
    scan.writeUInt16BE(20_000, frame + 7);
    await put({ "scan.jpg": scan, "old.bmp": "BM", "phone.heic": "ftypheic", "text.png": "not a picture" });
    await put({ "drawing.png": '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>' });
    await put({ "cut.jpg": (await picture("jpeg")).subarray(0, 100) });
    await symlink(join(root, "moved.png"), join(root, "link.png"));
    execFileSync("mkfifo", [join(root, "pipe.png")]);
    const reasons = await Promise.all(
      (await pictures()).map(async ({ file, path }) => {
        const reason = await pictureSize(path).then(String, (error: unknown) => pictureFault(error, file));
        return [file, reason];
      }),
    );
    // A mistake of ours is no fault of a picture.
    expect(() => pictureFault(new TypeError("a mistake"), "a.png")).toThrow(TypeError);
    expect(Object.fromEntries(reasons)).toEqual({
      "scan.jpg": "it has more pixels than 16,384 x 16,384, the largest size that can be read: make it smaller",
      "old.bmp": "BMP pictures cannot be read here: save the picture as PNG or JPEG",
      "phone.heic": "HEIC pictures cannot be read here: save the picture as PNG or JPEG",
      "text.png": "it is not a picture, or of a kind that cannot be read",
      "drawing.png": "it is a drawing",
      "cut.jpg": expect.stringMatching(/^it is damaged \(/),
      "link.png": "the link leads nowhere",
      "pipe.png": "it is not a file but a folder, a pipe or a device",
    });
  });
});

describe("captions", () => {
  const captions = async () =>
    Object.fromEntries(
      await Promise.all(
        (await pictures()).map(async (one) => [
          one.file,
          await readCaption(one).catch((error: { code: string }) => error.code),
        ]),
      ),
    ) as Record<string, string | undefined>;

  it("are beside their pictures and may end in .TXT or .txt", async () => {
    await put({ "a.JPG": "", "a.TXT": "loud", "b.png": "", "b.txt": "quiet", "b.TXT": "loud", "c.png": "" });
    expect(await captions()).toEqual({ "a.JPG": "loud", "b.png": "quiet", "c.png": undefined });
  });

  it("in known encodings are read; other encodings, pipes and large files give an error", async () => {
    await put({ "a.png": "", "a.txt": Buffer.from("caf\xe9 cr\xe8me", "latin1") });
    await put({ "b.png": "", "b.txt": Buffer.from("a car", "utf16le") });
    await put({ "c.png": "", "c.txt": Uint8Array.from([0xea, 0xf0, 0xe0, 0xf1]) });
    await put({ "d.png": "", "d.txt": "x".repeat(70_000), "e.png": "" });
    execFileSync("mkfifo", [join(root, "e.txt")]);
    expect(await captions()).toEqual({
      "a.png": "café crème",
      "b.png": "a car",
      "c.png": "CAPTION_UNREADABLE",
      "d.png": "CAPTION_UNREADABLE",
      "e.png": "CAPTION_UNREADABLE",
    });
  });

  it("are overwritten in the existing file, and only if they could be read", async () => {
    await put({ "a.JPG": "", "a.TXT": Buffer.from("caf\xe9", "latin1") });
    const { captionPath } = (await pictures())[0]!;
    await writeCaption(captionPath, "café noir", { replace: true });
    expect((await readdir(root)).toSorted()).toEqual(["a.JPG", "a.TXT"]);
    expect(await readFile(join(root, "a.TXT"), "utf8")).toBe("café noir");
    const strange = Uint8Array.from([0xea, 0xf0, 0xe0, 0xf1]);
    await put({ "a.TXT": strange });
    await expect(writeCaption(captionPath, "lost", { replace: true })).rejects.toMatchObject({
      code: "CAPTION_UNREADABLE",
      message: 'Cannot read the caption "a.TXT": its encoding is not known. Save it as UTF-8',
    });
    expect(Uint8Array.from(await readFile(join(root, "a.TXT")))).toEqual(strange);
  });
});

describe("requireOther", () => {
  it("refuses the folder itself, through a link too", async () => {
    await mkdir(join(root, "src"));
    await symlink(join(root, "src"), join(root, "link"));
    const source = new DatasetFolder(join(root, "src"));
    for (const path of [join(root, "src"), `${root}/x/../src/`, join(root, "link")])
      await expect(source.requireOther(path)).rejects.toMatchObject({ code: "DESTINATION_IS_SOURCE" });
    await source.requireOther(join(root, "new"));
  });
});
