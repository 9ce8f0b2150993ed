/** @file The real demo checkpoint and photos in a separate folder, for tests that run the whole engine. */
import { float16ToFloat32 } from "@lexeme/core";
import { TOKEN_EMBEDDING_KEY, writeTextualInversionPt, writeTextualInversionSafetensors } from "@lexeme/formats";
import { inspectCheckpointFile, withRandomAccess } from "@lexeme/formats/node";
import { SHIPPED_TEMPLATES } from "@lexeme/domain/templates";
import { PreprocessSettingsSchema } from "@lexeme/domain/settings";
import { testContext, type TestContext } from "@lexeme/domain/testing";
import { loadClipTokenizer } from "@lexeme/tokenizer/node";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { preprocess } from "../src/preprocess/preprocess.ts";
import { recordingPorts } from "../src/testing.ts";

export const DEMO_CHECKPOINT = fileURLToPath(new URL("../../demo/demo-world.safetensors", import.meta.url));
const DEMO_PHOTOS = fileURLToPath(new URL("../../demo/photos", import.meta.url));

export interface DemoWorld extends AsyncDisposable {
  readonly root: string;
  readonly context: TestContext;
  /** Prepared photos, 128 x 128. */
  readonly dataRoot: string;
}

/** Folders with the templates, and the photos prepared by our own preprocess. */
export async function openDemoWorld(): Promise<DemoWorld> {
  const root = await mkdtemp(join(tmpdir(), "lexeme-engine-"));
  const context = testContext(root, {
    name: "demo-world.safetensors",
    path: DEMO_CHECKPOINT,
    shortHash: "28313ef462",
  });
  for (const folder of [context.embeddingsDir, context.templatesDir]) await mkdir(folder, { recursive: true });
  for (const [file, lines] of Object.entries(SHIPPED_TEMPLATES)) {
    await writeFile(join(context.templatesDir, file), `${lines.join("\n")}\n`);
  }
  const dataRoot = join(root, "data");
  const settings = { processSrc: DEMO_PHOTOS, processDst: dataRoot, processWidth: 128, processHeight: 128 };
  await preprocess(PreprocessSettingsSchema.parse(settings), { ...recordingPorts(), context });
  return {
    root,
    context,
    dataRoot,
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}

/** Removes all embeddings and runs, and makes the word "mira", which has learned nothing. Returns its file. */
export async function newWord({ embeddingsDir, logDir }: TestContext): Promise<string> {
  for (const folder of [embeddingsDir, logDir]) await rm(folder, { recursive: true, force: true });
  await mkdir(embeddingsDir);
  const path = join(embeddingsDir, "mira.pt");
  await writeWordEmbedding(path, { name: "mira", words: ["woman"] });
  return path;
}

/** Writes an embedding with the rows of the words' first tokens. */
export async function writeWordEmbedding(
  path: string,
  { name, words, step = 0 }: { name: string; words: readonly string[]; step?: number },
): Promise<Float32Array> {
  const rows = await Promise.all(words.map(tokenRow));
  const width = rows[0]!.length;
  const vectors = new Float32Array(rows.length * width);
  for (const [i, row] of rows.entries()) vectors.set(row, i * width);
  const embedding = {
    name,
    vectors,
    count: rows.length,
    width,
    step,
    sdCheckpoint: undefined,
    sdCheckpointName: undefined,
  };
  const bytes = path.endsWith(".pt") ? writeTextualInversionPt(embedding) : writeTextualInversionSafetensors(embedding);
  await writeFile(path, bytes);
  return vectors;
}

/** The row of a word's token in the checkpoint's fp16 table. */
async function tokenRow(word: string): Promise<Float32Array> {
  const { tensors } = await inspectCheckpointFile(DEMO_CHECKPOINT);
  const { offset, shape } = tensors.get(TOKEN_EMBEDDING_KEY)!;
  const rowBytes = shape[1]! * 2;
  const [id] = loadClipTokenizer().encode(word);
  const bytes = await withRandomAccess(DEMO_CHECKPOINT, (file) => file.read(offset + id! * rowBytes, rowBytes));
  return float16ToFloat32(new Uint16Array(Uint8Array.from(bytes).buffer));
}
