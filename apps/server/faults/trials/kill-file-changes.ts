/** @file kill -9 of the server in the middle of changes of files: each thing is there before or after its change, never neither and never half. */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Embedding } from "@lexeme/protocol";
import sharp from "sharp";
import { Program, type Answer } from "../program.ts";
import type { Trial, TrialContext } from "../trial.ts";

/** The kill comes at any time within the duration of the changes, and a little later. */
const LATEST_KILL = 1.2;

interface Change {
  send(program: Program): Promise<Answer | null>;
  /** What is wrong after the next start; undefined if the change is there whole or not at all. `isDone`: the server answered that it was made. */
  fault(isDone: boolean): Promise<string | undefined>;
}

export const killFileChanges: Trial = {
  name: "kill-files",
  fault:
    "`kill -9` of the server while an embedding is created, overwritten, renamed and deleted, and a caption and an option are saved",
  promise: "old or new, whole",
  tries: { whole: 100, short: 1 },
  async run(context) {
    const { dataDir, tries, random, say, fail } = context;
    const words = join(dataDir, "embeddings");
    let program = await Program.start(dataDir);
    const contents = await bothContents(program, words);
    const caption = await newCaption(dataDir);
    const changesOf = (round: number): Change[] => [
      creation(words, `new${round}`),
      overwriting(words, contents),
      renaming(words, `old${round}`),
      deletion(words, `away${round}`),
      ...caption(round),
      option(dataDir, round),
    ];
    const prepare = async (round: number): Promise<void> => {
      for (const name of [`old${round}`, `away${round}`])
        await program.demand("POST", "/api/embeddings", { name, initText: "man" });
    };
    let made = 0;
    let durationMs = 0;
    for (let round = 0; round < tries; round++) {
      const undisturbed = tries + round;
      await prepare(undisturbed);
      const startedMs = performance.now();
      await Promise.all(changesOf(undisturbed).map((change) => change.send(program)));
      durationMs = performance.now() - startedMs;
      await prepare(round);
      const changes = changesOf(round);
      const answers = changes.map((change) => change.send(program));
      await wait(random() * durationMs * LATEST_KILL);
      await program.kill();
      const answered = await Promise.all(answers);
      program = await Program.start(dataDir);
      for (const [index, change] of changes.entries()) {
        const isDone = answered[index]?.status === 200;
        made += Number(isDone);
        const fault = await change.fault(isDone);
        if (fault !== undefined) fail(`kill ${round}: ${fault}`);
      }
      await checkLists(program, context);
      say(`kill ${round + 1} of ${tries}`);
    }
    await program.stop();
    return `${made} of ${tries * 7} changes were answered before the kill`;
  },
};

/** The bytes of the file of the word "both" made from "man" and from "woman". */
async function bothContents(program: Program, words: string): Promise<Buffer[]> {
  const contents: Buffer[] = [];
  for (const initText of ["man", "woman"]) {
    await program.demand("POST", "/api/embeddings", { name: "both", initText, overwriteOld: true });
    contents.push(await readFile(join(words, "both.pt")));
  }
  return contents;
}

function creation(words: string, name: string): Change {
  return {
    send: (program) => program.send("POST", "/api/embeddings", { name, initText: "woman" }),
    fault: async (isDone) =>
      (await names(words)).has(name) || !isDone ? undefined : `the created word "${name}" is gone`,
  };
}

/** Alternates between two contents, so that each overwriting changes the bytes. */
function overwriting(words: string, contents: readonly Buffer[]): Change {
  return {
    async send(program) {
      const now = await readFile(join(words, "both.pt"));
      const initText = contents[0]?.equals(now) === true ? "woman" : "man";
      return program.send("POST", "/api/embeddings", { name: "both", initText, overwriteOld: true });
    },
    async fault() {
      const bytes = await readFile(join(words, "both.pt")).catch(() => null);
      if (bytes === null) return "the overwritten word is gone";
      return contents.some((content) => content.equals(bytes)) ? undefined : "the overwritten word has foreign bytes";
    },
  };
}

function renaming(words: string, name: string): Change {
  const to = `${name}-renamed`;
  return {
    send: (program) => program.send("POST", `/api/embeddings/${name}/rename`, { name: to }),
    async fault(isDone) {
      const found = await names(words);
      const count = Number(found.has(name)) + Number(found.has(to));
      if (count !== 1) return `the renamed word "${name}" is there ${count} times`;
      return isDone && !found.has(to) ? `the word "${name}" has its old name again` : undefined;
    },
  };
}

function deletion(words: string, name: string): Change {
  return {
    send: (program) => program.send("DELETE", `/api/embeddings/${name}`),
    async fault(isDone) {
      if ((await names(words)).has(name)) return isDone ? `the deleted word "${name}" is back` : undefined;
      const bin = await readdir(join(words, "..", ".lexeme", "bin"), { recursive: true });
      return bin.some((path) => path.endsWith(`${name}.pt`))
        ? undefined
        : `the deleted word "${name}" is not in the bin`;
    },
  };
}

/** A picture with a caption in a data set. Returns the changes of a round: a caption for it, from two pages at once. */
async function newCaption(dataDir: string): Promise<(round: number) => Change[]> {
  const folder = join(dataDir, "datasets", "faces");
  await mkdir(folder, { recursive: true });
  const path = join(folder, "face.png");
  await sharp({ create: { width: 64, height: 64, channels: 3, background: "#888" } })
    .png()
    .toFile(path);
  await writeFile(join(folder, "face.txt"), text(-1, 0));
  return (round) =>
    [0, 1].map((page) => ({
      send: (program) => program.send("PUT", "/api/dataset/caption", { path, caption: text(round, page) }),
      async fault() {
        const now = await readFile(join(folder, "face.txt"), "utf8");
        return /^round (-?\d+) page \d .{4000} end$/.test(now) ? undefined : `the caption is "${now.slice(0, 80)}"`;
      },
    }));

  function text(round: number, page: number): string {
    return `round ${round} page ${page} ${"x".repeat(4000)} end`;
  }
}

function option(dataDir: string, round: number): Change {
  const layers = 1 + (round % 7);
  return {
    send: (program) => program.send("PUT", "/api/options", { CLIP_stop_at_last_layers: layers }),
    async fault(isDone) {
      const file = await readFile(join(dataDir, ".lexeme", "settings.json"), "utf8").catch(() => "{}");
      try {
        const value = (JSON.parse(file) as Record<string, unknown>)["CLIP_stop_at_last_layers"];
        return isDone && value !== undefined && value !== layers
          ? `the saved option is ${JSON.stringify(value)} again`
          : undefined;
      } catch {
        return `settings.json is not JSON: ${file.slice(0, 80)}`;
      }
    },
  };
}

async function names(words: string): Promise<Set<string>> {
  return new Set((await readdir(words)).map((file) => file.replace(/\.(pt|safetensors)$/, "")));
}

/** Every listed word can be used, and no leftover of a killed write is listed. */
async function checkLists(program: Program, { fail }: TrialContext): Promise<void> {
  for (const { name, misfitReason } of await program.demand<Embedding[]>("GET", "/api/embeddings"))
    if (misfitReason !== null) fail(`the word "${name}" cannot be used: ${misfitReason}`);
}
