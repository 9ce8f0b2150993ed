/** @file One folder of the data folder cannot be written: Lexeme starts, says so where the folder is needed, and everything else works. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Job } from "@lexeme/protocol";
import { mountReadOnly, unmount } from "../mounts.ts";
import { Program, type Answer } from "../program.ts";
import type { Trial, TrialContext } from "../trial.ts";

const FOLDERS = ["textual_inversion_templates", "embeddings", "outputs", "textual_inversion", "datasets", "models"];

export const readOnlyFolders: Trial = {
  name: "read-only",
  fault: "templates, embeddings, pictures, runs, data sets or models in a folder that cannot be written",
  promise: "starts; a sentence where it matters",
  tries: { whole: FOLDERS.length, short: 1 },
  mounts: true,
  async run(context) {
    const { dataDir, tries, say } = context;
    for (const folder of FOLDERS.slice(0, tries)) {
      say(`read-only: ${folder}`);
      const place = join(dataDir, `with-${folder}`);
      await mkdir(place);
      await mountReadOnly(join(place, folder));
      try {
        await tryFolder(place, { folder, context });
      } finally {
        unmount(join(place, folder));
      }
    }
    return "";
  },
};

async function tryFolder(
  dataDir: string,
  { folder, context: { fail } }: { folder: string; context: TrialContext },
): Promise<void> {
  const program = await Program.start(dataDir);
  const created = await program.send("POST", "/api/embeddings", { name: "word", initText: "woman" });
  const fault = sentenceFault(created);
  if (folder === "embeddings" ? fault !== undefined || created?.status === 200 : created?.status !== 200)
    fail(`${folder}: creating a word gets ${JSON.stringify(created)}`);
  const settings = { prompt: "a man", width: 64, height: 64, steps: 1 };
  const picture: Job = await program.ended((await program.create("txt2img", settings)).id);
  if (
    folder === "outputs" ? picture.state !== "failed" || picture.error?.code === "INTERNAL" : picture.state !== "done"
  )
    fail(`${folder}: a picture ended as ${picture.state}: ${JSON.stringify(picture.error)}`);
  for (const path of ["/api/templates", "/api/images", "/api/runs", "/api/checkpoints", "/api/embeddings"])
    if ((await program.get(path))?.status !== 200) fail(`${folder}: ${path} does not answer`);
  await program.stop();
}

/** Why an answer is no clear refusal; undefined if it is one. */
function sentenceFault(answer: Answer | null): string | undefined {
  if (answer === null) return "no answer";
  return answer.status === 500 ? "an internal error" : undefined;
}
