/** @file A server on a full disk or in read-only folders: it starts, says what is the matter, lets pictures be deleted, and goes on when it can write. */
import { spawn, type ChildProcess } from "node:child_process";
import { chmod, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { System } from "@lexeme/protocol";
import { withoutRights } from "@lexeme/data-folder/testing";
import { afterEach, expect, test } from "vitest";
import { writePicture } from "./sample-files.ts";
import { newDataDir, testApp, waitFor } from "./test-app.ts";

const MAIN = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const FULL_DISK = new URL("full-disk.mjs", import.meta.url).href;
const folders: string[] = [];
let child: ChildProcess | undefined;

afterEach(async () => {
  child?.kill("SIGKILL");
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

test("on a full disk the program starts, says so, deletes a picture for good, and opens its job list when there is room", async () => {
  const dataDir = await newDataDir();
  folders.push(dataDir);
  const ours = join(dataDir, ".lexeme");
  const day = join(dataDir, "outputs", "txt2img-images", "2026-11-24");
  for (const folder of [join(ours, "cache"), join(ours, "bin"), day]) await mkdir(folder, { recursive: true });
  const path = join(day, "1.png");
  await writePicture(path);
  const full = [join(ours, ".disk-is-full"), join(ours, "cache", ".disk-is-full")];
  for (const marker of full) await writeFile(marker, "");
  const started = spawn(
    process.execPath,
    ["--import", import.meta.resolve("tsx"), "--import", FULL_DISK, MAIN, "--port", "0", "--data-dir", dataDir],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  child = started;
  let output = "";
  for (const stream of [started.stdout, started.stderr])
    stream.on("data", (bytes: Buffer) => (output += String(bytes)));
  const url = await waitFor("the address", () => /http:\/\/127\.0\.0\.1:(\d+)/.exec(output)?.[0], 60_000);
  expect(output).toContain(`The disk of "${dataDir}" is full`);
  const ask = async (route: string, body?: object) => {
    const sent = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
    const answer = await fetch(`${url}/api/${route}`, body === undefined ? {} : sent);
    // eslint-disable-next-line typescript/no-explicit-any -- the test checks answers piece by piece.
    return answer.json() as Promise<any>;
  };
  expect(await ask("system")).toMatchObject({
    troubles: [{ sentence: expect.stringContaining("is full"), isDiskFull: true }],
  });
  expect(await ask("jobs")).toMatchObject({ code: "DISK_FULL", message: expect.stringContaining("job list") });
  expect(await ask("images")).toMatchObject({ images: [{ path }] });
  expect(await ask("images/delete-for-good", { path })).toEqual({});
  expect(await readdir(day)).toEqual([]);
  for (const marker of full) await rm(marker);
  await waitFor("the job list", async () => Array.isArray(await ask("jobs")), 60_000);
  await waitFor("no more troubles", async () => (await ask("system")).troubles.length === 0, 20_000);
  expect(await readdir(ours)).toContain("lock");
}, 120_000);

test("with read-only templates, or a read-only .lexeme, the server starts and names the folder", async () => {
  for (const closed of ["textual_inversion_templates", ".lexeme"]) {
    const dataDir = await newDataDir();
    folders.push(dataDir);
    await mkdir(join(dataDir, closed), { recursive: true });
    await chmod(dataDir, 0o777);
    if (closed !== ".lexeme") {
      await chmod(join(dataDir, ".lexeme"), 0o777);
      await rm(join(dataDir, ".lexeme", "db"), { recursive: true });
    }
    await chmod(join(dataDir, closed), 0o555);
    await withoutRights(async () => {
      const app = await testApp({ dataDir });
      try {
        const { troubles } = (await app.server.inject("/api/system")).json<System>();
        expect(troubles.some(({ isDiskFull }) => isDiskFull)).toBe(false);
        expect(troubles.map(({ sentence }) => sentence).join("\n")).toContain(
          `may not write to "${join(dataDir, closed)}`,
        );
        expect((await app.server.inject("/api/images")).json()).toMatchObject({ images: [] });
        const jobs = await app.server.inject("/api/jobs");
        if (closed === ".lexeme") expect(jobs.json()).toMatchObject({ code: "FOLDER_NOT_WRITABLE" });
        else expect(jobs.json()).toEqual([]);
      } finally {
        await app.close();
      }
    });
  }
}, 120_000);
