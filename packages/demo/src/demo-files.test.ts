import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { DEMO_CHECKPOINT_PATH, DEMO_CHECKPOINT_SHA256, DEMO_PHOTOS_DIR } from "./index.ts";

const FOLDER = path.dirname(DEMO_CHECKPOINT_PATH);
const checksums = JSON.parse(readFileSync(path.join(FOLDER, "checksums.json"), "utf8")) as Record<string, string>;

test("the checkpoint's hash is the same in the code and in checksums.json", () => {
  expect(checksums["demo-world.safetensors"]).toBe(DEMO_CHECKPOINT_SHA256);
});

test("checksums.json lists the checkpoint, every photo, and no other file", () => {
  const photos = readdirSync(DEMO_PHOTOS_DIR).filter((file) => file.endsWith(".jpg"));
  expect(photos).toHaveLength(14);
  const listed = ["demo-world.safetensors", ...photos.map((file) => `photos/${file}`)];
  expect(Object.keys(checksums).toSorted()).toEqual(listed.toSorted());
});

test("every photo has a caption, which is not in checksums.json: a corrected caption must not stop the start", () => {
  const files = readdirSync(DEMO_PHOTOS_DIR);
  const captions = files.filter((file) => file.endsWith(".txt"));
  expect(captions.map((file) => file.replace(/txt$/, "jpg"))).toEqual(files.filter((file) => file.endsWith(".jpg")));
});
