/** @file Files that could take all memory or time, in each place where a file may lie: the server answers meanwhile, and says what is wrong with them. */
import { execFileSync } from "node:child_process";
import { mkdir, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { claimingPng } from "../../test/sample-files.ts";
import { Program } from "../program.ts";
import type { Trial } from "../trial.ts";

/** The longest time that another page may wait for an answer meanwhile; a second, and more on a busy machine. */
const ANSWER_LIMIT_MS = 5_000;
const MORE_BYTES_LIMIT = 900e6;

interface HostileFile {
  name: string;
  make(path: string): Promise<void> | void;
}

export const hostileFiles: Trial = {
  name: "hostile",
  fault: "pipes, bombs, cut, huge, nested and lying files among pictures, embeddings, captions, models and settings",
  promise: "answers meanwhile; a sentence for each",
  tries: { whole: 18, short: 6 },
  async run({ dataDir, tries, say, fail }) {
    const folders = [
      "datasets/odd",
      "embeddings",
      "outputs/txt2img-images/2026-01-01",
      "models/Stable-diffusion",
      "models/VAE",
    ];
    for (const folder of folders) await mkdir(join(dataDir, folder), { recursive: true });
    let program = await Program.start(dataDir);
    const before = await program.peakBytes();
    let slowestMs = 0;
    let tried = 0;
    for (const file of HOSTILE_FILES.slice(0, tries)) {
      for (const folder of folders) await file.make(join(dataDir, folder, file.name));
      const lists = Promise.all(requests(dataDir, file.name).map((path) => answerFault(program, path)));
      let isListed = false;
      const watched = lists.then((faults) => {
        isListed = true;
        return faults;
      });
      while (!isListed) {
        const startedMs = performance.now();
        await program.demand("GET", "/api/system");
        slowestMs = Math.max(slowestMs, performance.now() - startedMs);
        await new Promise((wake) => setTimeout(wake, 20));
      }
      for (const fault of await watched) if (fault !== undefined) fail(`${file.name}: ${fault}`);
      tried++;
      say(`${tried} of ${tries}: ${file.name}`);
    }
    if (slowestMs > ANSWER_LIMIT_MS) fail(`another page waited ${Math.round(slowestMs)} ms for an answer`);
    const more = (await program.peakBytes()) - before;
    if (more > MORE_BYTES_LIMIT) fail(`the server took ${Math.round(more / 1e6)} MB more`);
    // The files are there at the next start too.
    await program.stop();
    program = await Program.start(dataDir);
    await program.stop();
    return `another page waited ${Math.round(slowestMs)} ms at most; ${Math.round(more / 1e6)} MB more at most`;
  },
};

/** Why the answer is neither the thing nor a sentence about it; undefined if it is one of them. */
async function answerFault(program: Program, path: string): Promise<string | undefined> {
  try {
    const response = await fetch(`${program.url}${path}`, { signal: AbortSignal.timeout(60_000) });
    // A large file comes as a stream, of which the first bytes are enough.
    if (response.ok) {
      await response.body?.cancel();
      return undefined;
    }
    const { code, message } = (await response.json()) as { code?: string; message?: string };
    const isSentence = code !== "INTERNAL" && message !== undefined;
    return isSentence ? undefined : `${path} answers ${response.status} ${code ?? ""}`;
  } catch {
    return `${path} does not answer`;
  }
}

function requests(dataDir: string, name: string): string[] {
  const dataset = join(dataDir, "datasets", "odd");
  const picture = encodeURIComponent(join(dataset, name));
  return [
    `/api/dataset?path=${encodeURIComponent(dataset)}`,
    "/api/embeddings",
    "/sdapi/v1/embeddings",
    "/api/images",
    "/api/checkpoints",
    "/api/vaes",
    `/api/thumbnail?path=${picture}`,
    `/api/picture-info?path=${picture}`,
    `/api/file?path=${picture}`,
  ];
}

const HOSTILE_FILES: readonly HostileFile[] = [
  { name: "pipe.png", make: makePipe },
  { name: "pipe.txt", make: makePipe },
  { name: "pipe.safetensors", make: makePipe },
  { name: "bomb.png", make: (path) => writeFile(path, claimingPng(50_000, 8)) },
  { name: "interlaced.png", make: (path) => writeFile(path, claimingPng(16_000, 16)) },
  { name: "empty.png", make: (path) => writeFile(path, "") },
  { name: "cut.png", make: async (path) => writeFile(path, (await drawing(64)).subarray(0, 80)) },
  { name: "text.png", make: (path) => writeFile(path, "<svg xmlns='http://www.w3.org/2000/svg'/>") },
  { name: "hidden.png", make: async (path) => writeFile(path, await drawing(4096)) },
  { name: "long.txt", make: (path) => sparse(path, 300e6) },
  { name: "long.png", make: (path) => sparse(path, 300e6) },
  { name: "huge.safetensors", make: (path) => sparse(path, 4e9) },
  { name: "header.safetensors", make: (path) => writeFile(path, header(2n ** 62n, "{}")) },
  { name: "nested.safetensors", make: (path) => writeFile(path, header(2_000_000n, "[".repeat(2_000_000))) },
  { name: "nested.json", make: (path) => writeFile(path, "[".repeat(10_000_000)) },
  { name: "broken.pt", make: (path) => writeFile(path, Buffer.alloc(1000, 0x80)) },
  { name: "loop.png", make: (path) => linkTo(path, path) },
  { name: "away.png", make: (path) => linkTo("/etc/passwd", path) },
];

function makePipe(path: string): void {
  execFileSync("mkfifo", [path]);
}

async function linkTo(target: string, path: string): Promise<void> {
  await rm(path, { force: true });
  await symlink(target, path);
}

/** A file of zeros that takes no space. */
async function sparse(path: string, bytes: number): Promise<void> {
  await writeFile(path, "a");
  await truncate(path, bytes);
}

function header(length: bigint, json: string): Buffer {
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(length);
  return Buffer.concat([prefix, Buffer.from(json)]);
}

/** A picture without a black pixel, which takes the longest search for a hidden embedding. */
function drawing(side: number): Promise<Buffer> {
  return sharp({ create: { width: side, height: side, channels: 3, background: "#111" } })
    .png({ compressionLevel: 1 })
    .toBuffer();
}
