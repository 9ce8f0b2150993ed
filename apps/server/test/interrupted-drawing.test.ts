/** @file kill -9 of the server in the middle of a batch of pictures: real processes on the demo checkpoint. */
import { readdir, rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { Artifact } from "@lexeme/domain/jobs";
import type { Job } from "@lexeme/protocol";
import { afterEach, expect, test } from "vitest";
import { Program } from "../faults/program.ts";
import { newDataDir, waitFor } from "./test-app.ts";

const PICTURES = 8;

let dataDir: string;
afterEach(async () => {
  Program.killAll();
  await rm(dataDir, { recursive: true, force: true, maxRetries: 3 });
}, 60_000);

test("no picture is lost or drawn twice, also by trying again after the second kill", async () => {
  dataDir = await newDataDir();
  let program = await Program.start(dataDir);
  const settings = { prompt: "a photo of a woman", width: 64, height: 64, steps: 12, nIter: PICTURES };
  const { id } = await program.create("txt2img", settings);
  const drawn = async (): Promise<Artifact[]> => {
    const { results } = await program.demand<Job>("GET", `/api/jobs/${id}`);
    return results.artifacts.filter(({ kind }) => kind === "image");
  };
  for (const count of [2, 4]) {
    await waitFor(`${count} pictures`, async () => (await drawn()).length >= count, 90_000);
    await program.kill();
    program = await Program.start(dataDir);
  }
  const failed = await program.ended(id);
  expect(failed).toMatchObject({ state: "failed", error: { code: "INTERRUPTED" } });
  const again = await program.demand<Job>("POST", `/api/jobs/${id}/retry`);
  const { state, results } = await program.ended(again.id);
  expect(state).toBe("done");

  const images = results.artifacts.filter(({ kind }) => kind === "image");
  const first = BigInt(images[0]!.seed!);
  expect(images.map(({ seed, place }) => ({ seed, place }))).toEqual(
    Array.from({ length: PICTURES }, (_, place) => ({ seed: String(first + BigInt(place)), place })),
  );
  expect(results.artifacts.filter(({ kind }) => kind === "grid")).toHaveLength(1);
  // A kill between the file and its entry in the list leaves one file more.
  const files = await readdir(dirname(images[0]!.path));
  expect(files.length).toBeLessThanOrEqual(PICTURES + 2);
}, 300_000);
