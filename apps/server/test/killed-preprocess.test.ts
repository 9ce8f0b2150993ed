/** @file A server that is killed in the middle of a preprocess: the next one goes on with it and makes the same bytes. */
import { mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Job } from "@lexeme/protocol";
import { expect, onTestFinished, test } from "vitest";
import { Program } from "../faults/program.ts";
import { DEMO_PREPROCESS, DEMO_PREPROCESSED } from "./demo-preprocess.ts";
import { newDataDir, waitFor } from "./test-app.ts";

async function contents(folder: string): Promise<Record<string, string>> {
  const names = await readdir(folder);
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), "hex")])),
  );
}

test("a preprocess goes on after its server was killed, keeps what was written, and equals one that was left alone", async () => {
  const dataDir = await newDataDir();
  onTestFinished(async () => {
    Program.killAll();
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
  });
  const [alone, killed] = [join(dataDir, "datasets", "alone"), join(dataDir, "datasets", "killed")];
  await mkdir(join(dataDir, "datasets"), { recursive: true });
  let program = await Program.start(dataDir);
  const first = await program.create("preprocess", { ...DEMO_PREPROCESS, processDst: alone });
  expect(await program.ended(first.id)).toMatchObject({ state: "done", results: { written: DEMO_PREPROCESSED } });

  const { id } = await program.create("preprocess", { ...DEMO_PREPROCESS, processDst: killed });
  await waitFor("some pictures", async () => {
    const { results } = await program.demand<Job>("GET", `/api/jobs/${id}`);
    return results.artifacts.length >= 5;
  });
  await program.kill();
  const whole = (await readdir(killed)).filter((name) => /^[^.].*\.png$/u.test(name));
  const times = () => Promise.all(whole.map(async (name) => (await stat(join(killed, name))).mtimeMs));
  const before = await times();
  expect(whole.length).toBeGreaterThanOrEqual(5);
  expect(whole.length).toBeLessThan(DEMO_PREPROCESSED);

  program = await Program.start(dataDir);
  const ended = await program.ended(id);
  await program.stop();
  expect(ended).toMatchObject({ state: "done", attempt: 2, results: { written: DEMO_PREPROCESSED, skipped: [] } });
  expect(await times()).toEqual(before);
  const [made, expected] = [await contents(killed), await contents(alone)];
  expect(Object.keys(made).toSorted()).toEqual(Object.keys(expected).toSorted());
  expect(Object.keys(made).filter((name) => made[name] !== expected[name])).toEqual([]);
}, 180_000);
