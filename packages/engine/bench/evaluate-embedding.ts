/**
 * @file Prints the fixed loss and the distance of an embedding as one line of JSON:
 * `node --import tsx packages/engine/bench/evaluate-embedding.ts --checkpoint FILE --data FOLDER [--embedding FILE] [--prompt TEXT] [--pictures N] [--size N]`.
 */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { evaluateEmbedding } from "../src/evaluation/evaluate-embedding.ts";

const { values } = parseArgs({
  options: {
    checkpoint: { type: "string" },
    data: { type: "string" },
    embedding: { type: "string" },
    /** `[name]` stands for the embedding. */
    prompt: { type: "string", default: "a photo of [name]" },
    pictures: { type: "string", default: "16" },
    size: { type: "string", default: "128" },
  },
});
if (values.checkpoint === undefined || values.data === undefined) {
  process.stderr.write("Give --checkpoint FILE and --data FOLDER\n");
  process.exit(2);
}
const evaluation = await evaluateEmbedding({
  checkpointPath: resolve(values.checkpoint),
  dataRoot: resolve(values.data),
  embeddingPath: values.embedding === undefined ? null : resolve(values.embedding),
  prompt: values.prompt,
  pictures: Number(values.pictures),
  width: Number(values.size),
  height: Number(values.size),
});
process.stdout.write(`${JSON.stringify(evaluation)}\n`);
