/** @file The plan of a preprocessing with pictures that cannot be prepared. */
import { PreprocessSettingsSchema } from "@lexeme/domain/settings";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { planPreprocess } from "./preprocess-plan.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "lexeme-plan-"));
  await mkdir(join(root, "source"));
  for (const file of ["a.png", "b.png"]) await writeFile(join(root, "source", file), "pixels");
});
afterEach(() => rm(root, { recursive: true, force: true }));

const settings = (some: object = {}) =>
  PreprocessSettingsSchema.parse({
    processSrc: join(root, "source"),
    processDst: join(root, "destination"),
    processWidth: 64,
    processHeight: 64,
    ...some,
  });

test("a picture that is deleted while the plan is made is left out, and the others are planned", async () => {
  const sizeOf = async (path: string) => {
    if (path.endsWith("a.png")) await rm(path);
    return { width: 64, height: 64 };
  };
  const { pictures, skipped } = await planPreprocess(settings(), { records: join(root, "records"), sizeOf });
  expect(skipped).toEqual([{ file: "a.png", reason: "the file is gone" }]);
  expect(pictures.map(({ source }) => source.file)).toEqual(["b.png"]);
});

test.each([
  ["a thousand times as long as wide", [8, 8000], 64, 1250],
  ["of few but large pieces", [100, 16_000], 2048, 200],
])("a picture %s is not split into more pieces than fit into memory", async (_, [width, height], side, pieces) => {
  const size = { width: width!, height: height! };
  const sizeOf = (path: string) => Promise.resolve(path.endsWith("a.png") ? size : { width: 64, height: 128 });
  const split = { processSplit: true, splitThreshold: 1, processWidth: side, processHeight: side };
  const { pictures, skipped } = await planPreprocess(settings(split), { records: join(root, "records"), sizeOf });
  expect(skipped).toEqual([{ file: "a.png", reason: expect.stringContaining(`split into ${pieces} pictures`) }]);
  expect(pictures.map(({ source, variants }) => [source.file, variants.length])).toEqual([["b.png", 3]]);
});
