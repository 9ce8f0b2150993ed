import { Bin } from "@lexeme/data-folder";
import { PreprocessSettingsSchema, type PreprocessSettings } from "@lexeme/domain/settings";
import { copyFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { recordingPorts } from "../testing.ts";
import { preprocess } from "./preprocess.ts";

let root: string;
let source: string;
let destination: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "lexeme-preprocess-"));
  [source, destination] = [join(root, "source"), join(root, "destination")];
  await mkdir(source);
});
afterEach(() => rm(root, { recursive: true, force: true }));

function settings(some: Partial<PreprocessSettings> = {}): PreprocessSettings {
  return PreprocessSettingsSchema.parse({
    processSrc: source,
    processDst: destination,
    processWidth: 64,
    processHeight: 64,
    ...some,
  });
}

/** A picture whose left third is red, middle green, right blue. */
async function striped(file: string, [width, height]: [number, number], orientation?: number): Promise<void> {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) data[i * 3 + Math.floor(((i % width) * 3) / width)] = 255;
  const picture = sharp(data, { raw: { width, height, channels: 3 } });
  await (orientation ? picture.withMetadata({ orientation }) : picture).toFile(join(source, file));
}

/** Red, green and blue of one pixel. */
async function pixel(file: string, x: number, y: number): Promise<number[]> {
  const { data, info } = await sharp(join(destination, file)).raw().toBuffer({ resolveWithObject: true });
  return [...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3)];
}

const bin = () => ({ bin: join(root, "bin"), dataDir: root, embeddings: root, outputs: root });
const parts = (ports = recordingPorts()) => ({
  ...ports,
  context: { recordsDir: join(root, "records"), leftOut: {}, bin: bin() },
});
const run = async (some: Partial<PreprocessSettings> = {}) => preprocess(settings(some), parts());
const listing = async () => (await readdir(destination)).sort();

describe("preprocess", () => {
  test("a picture is scaled to cover the size and cut in the middle, and named by position, variant and stem", async () => {
    await striped("a.png", [300, 100]);
    const { written, folder } = await run();
    expect(written).toBe(1);
    expect(folder).toBe(destination);
    expect(await listing()).toEqual(["00000-0-a.png"]);
    const metadata = await sharp(join(destination, "00000-0-a.png")).metadata();
    expect([metadata.width, metadata.height, metadata.channels]).toEqual([64, 64, 3]);
    // The green middle third of 300 x 100 fills the square.
    expect(await pixel("00000-0-a.png", 32, 32)).toEqual([0, 255, 0]);
  });

  test("a picture that may not be read is left out by name, and the others keep their numbers", async () => {
    await striped("a.png", [64, 64]);
    await striped("b.png", [64, 64]);
    const { context, ...ports } = parts();
    const leftOut = { "a.png": "it is a link to a place outside" };
    const { written, skipped } = await preprocess(settings({}), { ...ports, context: { ...context, leftOut } });
    expect({ written, skipped }).toEqual({ written: 1, skipped: [{ file: "a.png", reason: leftOut["a.png"] }] });
    expect(await listing()).toEqual(["00001-0-b.png"]);
  });

  test("EXIF orientation turns the picture upright before anything is measured", async () => {
    // Orientation 6 is a rotation: the shown picture is tall with red on top.
    await striped("a.jpg", [300, 100], 6);
    await run({ processKeepOriginalSize: true });
    const metadata = await sharp(join(destination, "00000-0-a.png")).metadata();
    expect([metadata.width, metadata.height]).toEqual([100, 300]);
    const [red = 0, green = 0] = await pixel("00000-0-a.png", 50, 10);
    expect(red).toBeGreaterThan(200);
    expect(green).toBeLessThan(60);
  });

  test("the mirrored copy follows its original and takes the caption too", async () => {
    await striped("a.png", [64, 64]);
    await writeFile(join(source, "a.txt"), "three stripes\n");
    const { written } = await run({ processFlip: true, preprocessTxtAction: "copy" });
    expect(written).toBe(2);
    expect(await listing()).toEqual(["00000-0-a.png", "00000-0-a.txt", "00000-1-a.png", "00000-1-a.txt"]);
    expect(await pixel("00000-0-a.png", 2, 2)).toEqual([255, 0, 0]);
    expect(await pixel("00000-1-a.png", 2, 2)).toEqual([0, 0, 255]);
    expect(await readFile(join(destination, "00000-1-a.txt"), "utf8")).toBe("three stripes");
  });

  test("split makes overlapping tiles over the whole length; a length for one tile does not divide by zero", async () => {
    await striped("a.png", [300, 100]);
    await striped("b.png", [101, 100]);
    const { written } = await run({ processSplit: true, splitThreshold: 1 });
    // 192 x 64 scaled: ceil((192 - 64 * 0.2) / (64 * 0.8)) = 4 tiles; 64.64 x 64: one.
    expect(written).toBe(5);
    expect(await listing()).toEqual([
      "00000-0-a.png",
      "00000-1-a.png",
      "00000-2-a.png",
      "00000-3-a.png",
      "00001-0-b.png",
    ]);
    expect(await pixel("00000-0-a.png", 1, 32)).toEqual([255, 0, 0]);
    expect(await pixel("00000-3-a.png", 62, 32)).toEqual([0, 0, 255]);
  });

  test.each([
    ["edges", { processFocalCropEntropyWeight: 0 }, 230],
    // A1111's measure is largest at the window with the first bit of black.
    ["entropy", { processFocalCropEdgesWeight: 0 }, 254.9],
  ])("focal crop by %s goes where the detail is", async (_, weights, brightest) => {
    // White, with a black-and-white chequerboard at the far right.
    const [width, height] = [400, 100];
    const data = new Uint8Array(width * height * 3).fill(255);
    for (let y = 20; y < 80; y++) {
      for (let x = 330; x < 390; x++)
        if ((x >> 3) % 2 === (y >> 3) % 2) data.fill(0, (y * width + x) * 3, (y * width + x) * 3 + 3);
    }
    await sharp(data, { raw: { width, height, channels: 3 } }).toFile(join(source, "a.png"));
    await run({ processFocalCrop: true, ...weights });
    const { channels } = await sharp(join(destination, "00000-0-a.png")).stats();
    // The plain crop in the middle would be all white.
    expect(channels[0]!.mean).toBeLessThan(brightest);
  });

  test("a picture that is replaced after the plan was made is named and left out", async () => {
    await striped("a.png", [80, 80]);
    await striped("b.png", [80, 80]);
    await striped("../wide.png", [400, 80]);
    const ports = recordingPorts();
    ports.onProgress = ({ phase, step, steps }) => {
      // While the plan is made, the number of pictures is not known yet.
      if (phase === "preprocessing" && step === 0 && steps > 0)
        copyFileSync(join(root, "wide.png"), join(source, "a.png"));
    };
    const results = await preprocess(settings({ processSplit: true }), parts(ports));
    expect(results.skipped).toEqual([{ file: "a.png", reason: "it has changed since the preprocessing began" }]);
    expect(results.written).toBe(1);
  });

  test("a broken picture among good ones is named, left out and counted", async () => {
    await striped("a.png", [80, 80]);
    await writeFile(join(source, "b.png"), "no picture at all");
    await striped("c.png", [80, 80]);
    const whole = await readFile(join(source, "c.png"));
    await writeFile(join(source, "c.png"), whole.subarray(0, whole.length / 2));
    await striped("d.png", [80, 80]);
    const results = await run();
    expect(results.written).toBe(2);
    expect(results.skipped!.map(({ file }) => file).sort()).toEqual(["b.png", "c.png"]);
    expect(results.summary).toBe("2 pictures written; 2 files were left out");
    expect(await listing()).toEqual(["00000-0-a.png", "00003-0-d.png"]);
  });

  test.each([
    ["ignore", false, undefined],
    ["copy", false, "red car"],
    ["prepend", false, "red car"],
    ["append", false, "red car"],
    ["ignore", true, "a photo"],
    ["copy", true, "red car"],
  ] as const)("caption action %s, captions from file names %s: %s", async (action, fromFilename, expected) => {
    await striped("0007-a photo.png", [64, 64]);
    await writeFile(join(source, "0007-a photo.txt"), " red car\n");
    await run({ preprocessTxtAction: action, captionFromFilename: fromFilename });
    const written = await readFile(join(destination, "00000-0-0007-a photo.txt"), "utf8").catch(() => undefined);
    expect(written).toBe(expected);
  });

  test("captions do not change the numbers, so a second run replaces the first run's files", async () => {
    for (const stem of ["a", "b", "c"]) await striped(`${stem}.png`, [64, 64]);
    await run();
    const before = await listing();
    for (const stem of ["a", "b", "c"]) await writeFile(join(source, `${stem}.txt`), "a caption");
    await run({ overwriteDestination: true });
    expect(await listing()).toEqual(before);
  });

  test("a caption in an unknown encoding is a warning and does not end the run", async () => {
    await striped("a.png", [64, 64]);
    await writeFile(join(source, "a.txt"), Uint8Array.of(0xea, 0xf0, 0xe0, 0xf1));
    const { written, warnings } = await run({ preprocessTxtAction: "copy" });
    expect(written).toBe(1);
    expect(warnings.join()).toContain("a.txt");
  });

  test("a caption in another encoding, or called .TXT, is copied as UTF-8", async () => {
    await striped("a.png", [64, 64]);
    await striped("b.png", [64, 64]);
    await writeFile(join(source, "a.txt"), Uint8Array.of(0x66, 0xfc, 0x72));
    await writeFile(join(source, "b.TXT"), Buffer.from("rot", "utf16le"));
    const { warnings } = await run({ preprocessTxtAction: "copy" });
    expect(warnings).toEqual([]);
    const written = ["00000-0-a.txt", "00001-0-b.txt"].map((name) => readFile(join(destination, name), "utf8"));
    expect(await Promise.all(written)).toEqual(["für", "rot"]);
  });

  test("the source folder is refused as destination, also by another path", async () => {
    await striped("a.png", [64, 64]);
    await symlink(source, destination);
    for (const processDst of [source, `${source}/../source`, destination]) {
      await expect(run({ processDst })).rejects.toMatchObject({ code: "DESTINATION_IS_SOURCE" });
    }
  });

  test("existing files are listed before anything is written, and replaced only if asked", async () => {
    await striped("a.png", [64, 64]);
    await striped("b.png", [64, 64]);
    await mkdir(destination);
    await writeFile(join(destination, "00001-0-b.png"), "mine");
    await expect(run()).rejects.toMatchObject({ code: "DESTINATION_HAS_FILES", details: { files: ["00001-0-b.png"] } });
    expect(await listing()).toEqual(["00001-0-b.png"]);
    expect((await run({ overwriteDestination: true })).written).toBe(2);
  });

  test("captions in the destination are kept unless asked; one that cannot be read is kept in any case and named", async () => {
    await striped("a.png", [64, 64]);
    await striped("b.png", [64, 64]);
    for (const file of ["a.txt", "b.txt"]) await writeFile(join(source, file), "stripes");
    await mkdir(destination);
    // Windows-1251.
    const strange = Uint8Array.from([0xea, 0xf0, 0xe0, 0xf1, 0xed, 0xe0, 0xff]);
    await writeFile(join(destination, "00000-0-a.txt"), strange);
    await writeFile(join(destination, "00001-0-b.txt"), "corrected");
    const some = { overwriteDestination: true, preprocessTxtAction: "copy" } as const;
    const kept = await run(some);
    expect(kept).toMatchObject({ written: 2, skipped: [], summary: "2 pictures written; 2 captions were kept" });
    expect(await readFile(join(destination, "00001-0-b.txt"), "utf8")).toBe("corrected");

    const { written, skipped } = await run({ ...some, overwriteCaptions: true });
    expect(written).toBe(2);
    expect(skipped).toEqual([{ file: "00000-0-a.txt", reason: expect.stringContaining("its encoding is not known") }]);
    expect(Uint8Array.from(await readFile(join(destination, "00000-0-a.txt")))).toEqual(strange);
    expect(await readFile(join(destination, "00001-0-b.txt"), "utf8")).toBe("stripes");
    const [replaced] = await new Bin(bin()).list();
    expect(replaced).toMatchObject({ why: "replaced", by: "Preprocess" });
    expect(replaced!.files.map(({ file }) => file)).toEqual(expect.arrayContaining(["00001-0-b.txt", "00001-0-b.png"]));
    const corrected = join(root, "bin", replaced!.id, "00001-0-b.txt");
    expect(await readFile(corrected, "utf8")).toBe("corrected");
    expect(await listing()).toEqual(["00000-0-a.png", "00000-0-a.txt", "00001-0-b.png", "00001-0-b.txt"]);
  });

  test("a folder with the name of a caption or a result costs no other file", async () => {
    for (const file of ["a.png", "b.png", "c.png"]) await striped(file, [64, 64]);
    await mkdir(join(source, "a.txt"));
    await writeFile(join(source, "b.txt"), "stripes");
    await mkdir(join(destination, "00001-0-b.txt"), { recursive: true });
    await mkdir(join(destination, "00002-0-c.png"));
    const { written, skipped } = await run({ preprocessTxtAction: "copy", captionFromFilename: true });
    expect(written).toBe(2);
    expect(skipped!.map(({ file }) => file)).toEqual(["00001-0-b.txt", "00002-0-c.png"]);
    expect(await readFile(join(destination, "00000-0-a.txt"), "utf8")).toBe("a");
  });

  describe("a run that was ended in the middle", () => {
    const some = { processFlip: true, preprocessTxtAction: "copy" } as const;
    const contents = async () =>
      Promise.all((await listing()).map(async (name) => [name, await readFile(join(destination, name), "hex")]));

    beforeEach(async () => {
      for (const file of ["a", "b", "c"]) {
        await striped(`${file}.png`, [90, 64]);
        await writeFile(join(source, `${file}.txt`), `stripes of ${file}`);
      }
    });

    /** Runs until that many pictures are written. */
    async function endAfter(pictures: number, how: "cancelled" | "stopping"): Promise<void> {
      const end = new AbortController();
      const ports = recordingPorts({ [how]: end.signal });
      ports.onArtifact = () => ports.artifacts.length === pictures && end.abort();
      await preprocess(settings(some), parts(ports)).catch((cause: unknown) => {
        if ((cause as Error).name !== "AbortError") throw cause;
      });
    }

    test.each(["cancelled", "stopping"] as const)("goes on after it was %s, and ends like any other", async (how) => {
      await run(some);
      const whole = await contents();
      await rm(destination, { recursive: true });
      for (const pictures of [1, 2, 3, 4]) {
        await endAfter(pictures, how);
        // The remains of a write that was killed.
        await writeFile(join(destination, ".lexeme-0123456789ab.tmp"), "half");
        await utimes(join(destination, ".lexeme-0123456789ab.tmp"), 1, 1);
      }
      const { written, artifacts } = await run(some);
      expect([written, new Set(artifacts.map(({ path }) => path)).size]).toEqual([6, 6]);
      expect(await contents()).toEqual(whole);
      // It is finished now: the files are the user's.
      await expect(run(some)).rejects.toMatchObject({ code: "DESTINATION_HAS_FILES" });
    });

    test("keeps a caption that was corrected meanwhile, and replaces no file that it has not written", async () => {
      await endAfter(4, "stopping");
      await writeFile(join(destination, "00000-0-a.txt"), "corrected");
      await run(some);
      expect(await readFile(join(destination, "00000-0-a.txt"), "utf8")).toBe("corrected");

      await rm(destination, { recursive: true });
      await endAfter(2, "stopping");
      await writeFile(join(destination, "00002-0-c.png"), "mine");
      await expect(run(some)).rejects.toMatchObject({ details: { files: ["00002-0-c.png"] } });
      // Other settings are another run.
      await rm(join(destination, "00002-0-c.png"));
      await expect(run({ ...some, processWidth: 72 })).rejects.toMatchObject({ code: "DESTINATION_HAS_FILES" });
      await run(some);
    });

    test("a file that is whole, but was not noted as written, is the run's own", async () => {
      await endAfter(2, "stopping");
      const [record = ""] = await readdir(join(root, "records"));
      const path = join(root, "records", record);
      const rows = (await readFile(path, "utf8")).trimEnd().split("\n");
      await writeFile(path, `${rows.slice(0, -1).join("\n")}\n`);
      expect((await run(some)).written).toBe(6);
    });
  });

  test("a cancel takes effect between two pictures", async () => {
    for (const file of ["a.png", "b.png", "c.png"]) await striped(file, [64, 64]);
    const cancel = new AbortController();
    const ports = recordingPorts({ cancelled: cancel.signal });
    ports.onArtifact = () => cancel.abort();
    await expect(preprocess(settings(), parts(ports))).rejects.toMatchObject({ name: "AbortError" });
    expect(await listing()).toHaveLength(1);
  });

  test("sizes are rounded down to multiples of 8", async () => {
    await striped("a.png", [300, 300]);
    const { artifacts } = await run({ processWidth: 71, processHeight: 79 });
    expect(artifacts[0]).toMatchObject({ width: 64, height: 72 });
  });

  test("an empty source is an error", async () => {
    await expect(run()).rejects.toMatchObject({ code: "NO_PICTURES" });
    await expect(run({ processSrc: join(root, "nowhere") })).rejects.toMatchObject({ code: "FOLDER_MISSING" });
  });
});
