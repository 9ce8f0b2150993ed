/** @file Saved files: names, folders, formats with their infotext, copies, and that no file is overwritten. */
import { readExifUserComment, readPngParameters } from "@lexeme/formats";
import { Txt2imgSettingsSchema } from "@lexeme/domain/settings";
import { ImageOptionsSchema, type ImageOptions } from "@lexeme/domain/options";
import { mkdtemp, readdir, readFile, rm, writeFile, mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import sharp from "sharp";
import { afterEach, beforeEach, expect, test } from "vitest";
import { localDay } from "@lexeme/data-folder";
import type { RawPicture } from "./raw-picture.ts";
import { savePicture, type SavePlace } from "./save-picture.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "lexeme-save-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const INFOTEXT = "a café, 猫 🐱\nSteps: 20, Sampler: Euler a, Seed: 5";
/** Noise, so that a lossy copy differs and a lossless copy cannot be small. */
const noise: RawPicture = {
  width: 40,
  height: 24,
  data: Uint8Array.from({ length: 40 * 24 * 3 }, (_, i) => (i * 7919) % 256),
};

/** Saves a picture and returns the path below the root, where the day's folder is written as `<day>`. */
async function save(
  some: Partial<ImageOptions> = {},
  {
    picture = noise,
    infotext = INFOTEXT,
    basename = "",
    ...place
  }: Partial<SavePlace> & {
    picture?: RawPicture;
    infotext?: string;
    basename?: string;
  } = {},
): Promise<string> {
  const options = ImageOptionsSchema.parse(some);
  const facts = {
    basename,
    picture,
    settings: Txt2imgSettingsSchema.parse({ steps: 20 }),
    prompt: "a café",
    negativePrompt: "",
    seed: 5n,
    batchSeeds: [5n],
    index: 0,
    modelName: "model",
    modelHash: null,
    vaeName: null,
    jobStartedAt: new Date(),
  };
  const saved = await savePicture(facts, infotext, {
    root,
    options,
    format: options.samples_format,
    saveToDirs: options.save_to_dirs,
    ...place,
  });
  return relative(root, saved.path).replaceAll("\\", "/").replace(localDay(new Date()), "<day>");
}

const all = async (): Promise<string[]> =>
  (await readdir(root, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    .toSorted();

test.each<[some: Partial<ImageOptions>, paths: string[]]>([
  [{}, ["<day>/00000-5.png", "<day>/00001-5.png"]],
  [{ save_to_dirs: false }, ["00000-5-a café.png", "00001-5-a café.png"]],
  [{ directories_filename_pattern: "" }, ["a café/00000-5.png", "a café/00001-5.png"]],
  [{ directories_filename_pattern: "../../[seed]//[steps]/.." }, ["5/20/00000-5.png", "5/20/00001-5.png"]],
  [{ samples_filename_pattern: "[none]" }, ["<day>/00000.png", "<day>/00001.png"]],
  [{ samples_filename_pattern: "by [steps]/[seed]" }, ["<day>/by 20/00000-5.png", "<day>/by 20/00001-5.png"]],
  [
    { save_images_add_number: false, samples_filename_pattern: "x[seed]" },
    ["<day>/x5.png", "<day>/x5-1.png", "<day>/x5-2.png"],
  ],
  [{ save_images_add_number: false, samples_filename_pattern: "[none]" }, ["<day>/00000.png", "<day>/00001.png"]],
])("with %j the names are %j", async (some, paths) => {
  for (const path of paths) expect(await save(some)).toBe(path);
});

test("a grid's short name is the basename and a number, and grids are counted separately", async () => {
  const place = { basename: "grid", shortName: true };
  await save();
  expect(await save({}, place)).toBe("<day>/grid-0000.png");
  expect(await save({ samples_filename_pattern: "[seed]" }, place)).toBe("<day>/grid-0001.png");
  expect(await save({}, { ...place, shortName: false })).toBe("<day>/grid-0002-5.png");
  expect(await save()).toBe("<day>/00001-5.png");
});

test("the longest names fit with their number, suffix and ending", async () => {
  const some = { samples_filename_pattern: "猫".repeat(300), directories_filename_pattern: "é".repeat(300) };
  await writeFile(join(root, "123456789012-x.png"), "");
  for (const options of [some, { ...some, save_to_dirs: false }]) {
    const path = await save({ ...options, samples_format: "jpeg" }, { suffix: "-before-highres-fix" });
    expect(path).toMatch(/猫-before-highres-fix[.]jpeg$/);
  }
});

test("only a whole number before the first dash counts", async () => {
  for (const name of ["00041-of another.txt", "2024 notes.txt", "9000x-1.png", "00007.webp"]) {
    await writeFile(join(root, name), "");
  }
  expect(await save({ save_to_dirs: false, samples_filename_pattern: "[seed]" })).toBe("00042-5.png");
});

test("pictures saved at the same time get different names", async () => {
  const paths = await Promise.all(Array.from({ length: 8 }, () => save({ samples_filename_pattern: "[seed]" })));
  expect(new Set(paths).size).toBe(8);
  expect(await all()).toHaveLength(8);
});

test("PNG, JPEG and WebP hold the infotext, and another reader finds it", async () => {
  const read = async (some: Partial<ImageOptions>) =>
    readFile(join(root, await save({ save_to_dirs: false, ...some })));
  expect(readPngParameters(await read({}))).toBe(INFOTEXT);
  for (const samples_format of ["jpg", "jpeg", "webp"] as const) {
    const bytes = await read({ samples_format });
    const { format, width, height, exif } = await sharp(bytes).metadata();
    expect({ format, width, height }).toEqual({
      format: samples_format === "jpg" ? "jpeg" : samples_format,
      width: 40,
      height: 24,
    });
    expect(readExifUserComment(exif!)).toBe(INFOTEXT);
  }
  expect(await all()).toEqual([
    "00000-5-a café.png",
    "00001-5-a café.jpg",
    "00002-5-a café.jpeg",
    "00003-5-a café.webp",
  ]);
});

test("the options set quality and losslessness", async () => {
  const file = async (some: Partial<ImageOptions>) => join(root, await save({ save_to_dirs: false, ...some }));
  const size = async (some: Partial<ImageOptions>) => (await readFile(await file(some))).length;
  expect(await size({ samples_format: "jpg", jpeg_quality: 20 })).toBeLessThan(
    await size({ samples_format: "jpg", jpeg_quality: 95 }),
  );
  const lossless = await sharp(await file({ samples_format: "webp", webp_lossless: true }))
    .raw()
    .toBuffer();
  expect(lossless.equals(noise.data)).toBe(true);
  const lossy = await sharp(await file({ samples_format: "webp" }))
    .raw()
    .toBuffer();
  expect(lossy.equals(noise.data)).toBe(false);
});

test("without metadata the picture has no infotext, and a text file holds it if the option is on", async () => {
  const some = { save_to_dirs: false, enable_pnginfo: false, save_txt: true };
  expect(readPngParameters(await readFile(join(root, await save(some))))).toBeUndefined();
  const jpeg = await readFile(join(root, await save({ ...some, samples_format: "jpg" })));
  expect((await sharp(jpeg).metadata()).exif).toBeUndefined();
  expect(await readFile(join(root, "00000-5-a café.txt"), "utf8")).toBe(`${INFOTEXT}\n`);
});

test("a picture that its format cannot hold becomes a PNG", async () => {
  const some = { save_to_dirs: false, export_for_4chan: false } as const;
  const infotext = "x".repeat(40_000);
  expect(await save({ ...some, samples_format: "jpg" }, { infotext })).toMatch(/[.]png$/);
  expect(await save({ ...some, samples_format: "webp" }, { infotext })).toMatch(/[.]webp$/);
  const picture = { width: 16_400, height: 1, data: new Uint8Array(16_400 * 3) };
  expect(await save({ ...some, samples_format: "webp" }, { picture })).toMatch(/[.]png$/);
});

test("a large picture gets a smaller JPEG beside it, which does not overwrite a file either", async () => {
  const some = { save_to_dirs: false, samples_filename_pattern: "[seed]", target_side_length: 20 };
  await save(some);
  const copy = await readFile(join(root, "00000-5.jpg"));
  const { width, height, exif } = await sharp(copy).metadata();
  expect([width, height]).toEqual([20, 12]);
  expect(readExifUserComment(exif!)).toBe(INFOTEXT);
  await writeFile(join(root, "00001-5.jpg"), "mine");
  await rm(join(root, "00000-5.png"));
  await rm(join(root, "00000-5.jpg"));
  await mkdir(join(root, "00000-5.jpg"));
  // Number 1 is used by a file of another program, so the next number is 2.
  await save(some);
  expect(await readFile(join(root, "00001-5.jpg"), "utf8")).toBe("mine");
  expect(await all()).toEqual(["00001-5.jpg", "00002-5.jpg", "00002-5.png"]);
  await save({ ...some, target_side_length: 4000, img_downscale_threshold: 0.0001 });
  expect((await sharp(join(root, "00003-5.jpg")).metadata()).width).toBe(40);
});

test("the error for a folder that cannot be made names the folder", async () => {
  await writeFile(join(root, "file"), "");
  await expect(save({ directories_filename_pattern: "file" })).rejects.toMatchObject({ code: "FOLDER_NOT_WRITABLE" });
});
