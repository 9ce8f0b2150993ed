/** @file The started program: its output, its refusals and its end. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { hostname, tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { takeDataLock } from "../src/data-lock.ts";
import { newDataDir, waitFor } from "./test-app.ts";

const MAIN = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const children: ChildProcess[] = [];
const folders: string[] = [];

afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

test("prints its address and its checkpoints, refuses a second server on the same folder, and ends on a signal", async () => {
  const dataDir = await newDataDir();
  folders.push(dataDir);
  const first = start(["--port", "0", "--data-dir", dataDir]);
  const url = await waitFor("the address", () => /http:\/\/127\.0\.0\.1:(\d+)/.exec(first.output())?.[0], 30_000);
  await waitFor(
    "what it found",
    () => first.output().includes("demo-world.safetensors (demo)") && first.output().includes(dataDir),
  );
  expect((await fetch(`${url}/api/system`)).status).toBe(200);
  expect(await (await fetch(`${url}/api/jobs`)).json()).toEqual([]);

  const second = start(["--port", "0", "--data-dir", dataDir]);
  expect(await second.exit).toBe(1);
  expect(second.output()).toContain(`Another Lexeme (process ${first.child.pid}) is using the data folder`);

  first.child.kill("SIGTERM");
  expect(await first.exit).toBe(0);
  const third = start(["--port", "0", "--data-dir", dataDir]);
  await waitFor("a start after a stop", () => third.output().includes("Open"), 30_000);
  // A killed server leaves its lock, which must not keep the next server out.
  third.child.kill("SIGKILL");
  await third.exit;
  const fourth = start(["--port", "0", "--data-dir", dataDir]);
  await waitFor("a start after a kill", () => fourth.output().includes("Open"), 30_000);
}, 120_000);

test("a port that is taken, a folder that cannot be written, an open host: each error is a sentence without a stack", async () => {
  const blocker = createServer();
  await new Promise<void>((resolve) => blocker.listen(0, "127.0.0.1", resolve));
  const { port } = blocker.address() as AddressInfo;
  const dataDir = await newDataDir();
  folders.push(dataDir);
  const file = join(dataDir, "file");
  await writeFile(file, "");
  const cases: [string[], string][] = [
    [["--port", String(port), "--data-dir", dataDir], `Port ${port} is taken`],
    [["--data-dir", join(file, "below")], "Cannot write to the data folder"],
    [["--host", "0.0.0.0", "--data-dir", dataDir], "--no-auth"],
  ];
  for (const [args, sentence] of cases) {
    const run = start(args);
    expect(await run.exit).toBe(1);
    expect(run.output()).toContain(sentence);
    expect(run.output()).not.toContain("    at ");
  }
  blocker.close();
}, 120_000);

test("an A1111 folder is used unchanged: no file in it is moved or rewritten, and only the files that the README lists are added", async () => {
  const dataDir = await newDataDir();
  folders.push(dataDir);
  const foreign: Record<string, string> = {
    "webui.py": "print(1)",
    "config.json": "{}",
    "models/Stable-diffusion/old.ckpt": "pickle",
    "models/Stable-diffusion/broken.safetensors": "<html>",
    "models/Lora/some.safetensors": "lora",
    "embeddings/junk.pt": "junk",
    "textual_inversion_templates/subject.txt": "my own [name]",
    "textual_inversion/2023-01-01/cat/embeddings/cat-100.pt": "copy",
    "outputs/txt2img-images/2023-01-01/00000-1.png": "picture",
  };
  for (const [path, text] of Object.entries(foreign)) {
    await mkdir(join(dataDir, path, ".."), { recursive: true });
    await writeFile(join(dataDir, path), text);
    await utimes(join(dataDir, path), 1, 1);
  }
  const run = start(["--port", "0", "--data-dir", dataDir]);
  const url = await waitFor("the address", () => /http:\/\/127\.0\.0\.1:(\d+)/.exec(run.output())?.[0], 30_000);
  await waitFor("the unusable checkpoint", () => run.output().includes("cannot use old.ckpt"));
  for (const path of ["checkpoints", "embeddings", "runs", "images", "templates", "jobs"])
    expect({ path, status: (await fetch(`${url}/api/${path}`)).status }).toEqual({ path, status: 200 });
  run.child.kill("SIGINT");
  expect(await run.exit).toBe(0);
  for (const [path, text] of Object.entries(foreign)) {
    expect(await readFile(join(dataDir, path), "utf8")).toBe(text);
    expect((await stat(join(dataDir, path))).mtimeMs).toBe(1000);
  }
  const entries = await readdir(dataDir, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(dataDir, join(entry.parentPath, entry.name)).replaceAll("\\", "/"));
  const added = files.filter((path) => !(path in foreign) && !path.startsWith(".lexeme/"));
  expect(added.toSorted()).toEqual(
    ["none", "style", "style_filewords", "subject_filewords"].map((name) => `textual_inversion_templates/${name}.txt`),
  );
  expect(await readdir(dataDir)).toEqual(expect.arrayContaining(["datasets", "models", "embeddings", "outputs"]));
}, 120_000);

test("a missing device that was requested is reported, with the reason", async () => {
  const dataDir = await newDataDir();
  folders.push(dataDir);
  const missing = process.platform === "darwin" ? "dml" : "coreml";
  const run = start(["--port", "0", "--data-dir", dataDir, "--device", missing]);
  await waitFor("the verdict", () => run.output().includes(`not ${missing}: `), 60_000);
  expect(run.output()).toContain(`cpu, not ${missing}: ${missing} is not available here`);
}, 120_000);

test("the lock: never taken from a live process, taken from a dead process, released", async () => {
  const folder = await mkdtemp(join(tmpdir(), "lexeme-lock-"));
  folders.push(folder);
  const path = join(folder, "lock");
  const lock = await takeDataLock(path, folder);
  await expect(takeDataLock(path, folder)).rejects.toMatchObject({ code: "DATA_FOLDER_IN_USE", kind: "conflict" });
  await lock.release();
  // The parent of this test is alive, however old the lock is.
  await writeFile(path, JSON.stringify({ pid: process.ppid, host: hostname(), startedAt: 0 }));
  await expect(takeDataLock(path, folder)).rejects.toMatchObject({ details: { pid: process.ppid } });
  await writeFile(path, JSON.stringify({ pid: 2 ** 22 + 1, host: hostname(), startedAt: 0 }));
  const again = await takeDataLock(path, folder);
  expect(JSON.parse(await readFile(path, "utf8"))).toMatchObject({ pid: process.pid });
  // A half-written lock belongs to a dead process.
  await again.release();
  await writeFile(path, "{");
  await (await takeDataLock(path, folder)).release();
});

function start(args: string[]) {
  const child = spawn(process.execPath, ["--import", import.meta.resolve("tsx"), MAIN, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  let text = "";
  child.stdout.on("data", (bytes: Buffer) => (text += bytes.toString("utf8")));
  child.stderr.on("data", (bytes: Buffer) => (text += bytes.toString("utf8")));
  const exit = new Promise<number | null>((resolve) => child.on("close", (code) => resolve(code)));
  return { child, exit, output: () => text };
}
