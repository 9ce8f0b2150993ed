/** @file The facts for a prompt's editor: tokens of each chunk, spans of the grammar with their weights, hints; and the time for a long prompt. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Checkpoint, Tokenized } from "@lexeme/protocol";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { safetensorsOfZeros } from "./sample-files.ts";
import { testApp, type TestApp } from "./test-app.ts";

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
}, 120_000);
afterAll(() => app.end(), 30_000);

async function tokenize(text: string, role?: "positive" | "negative"): Promise<Tokenized> {
  const response = await app.server.inject({ method: "POST", url: "/api/tokenize", payload: { text, role } });
  expect(response.statusCode).toBe(200);
  return response.json<Tokenized>();
}

test("tokens are counted by chunk, with the comma rule and BREAK", async () => {
  expect(await tokenize("")).toMatchObject({ used: 0, limit: 75, chunks: [0] });
  expect(await tokenize("a cat")).toMatchObject({ used: 2, limit: 75, chunks: [2] });
  expect(await tokenize("cat ".repeat(98))).toMatchObject({ used: 98, limit: 150, chunks: [75, 23] });
  expect(await tokenize("cat BREAK dog")).toMatchObject({ used: 76, limit: 150, chunks: [1, 1] });
  // The ten tokens after the comma move together to the next chunk.
  expect(await tokenize(`${"cat ".repeat(64)}, ${"dog ".repeat(20)}`)).toMatchObject({ used: 95, chunks: [65, 20] });
});

test("weights and syntax have their positions", async () => {
  const text = "a (cat:1.3) [dog|fox] BREAK <lora:x:1>";
  const { spans } = await tokenize(text);
  expect(spans.map(({ start, end, kind, weight }) => [text.slice(start, end), kind, weight])).toEqual([
    ["(", "emphasis", 1],
    ["cat", "text", 1.3],
    [":1.3)", "emphasis", 1],
    ["[", "schedule", 1],
    ["|", "schedule", 1],
    ["]", "schedule", 1],
    ["BREAK", "break", 1],
    ["<lora:x:1>", "network", 1],
  ]);
});

test("in a negative prompt AND and tags are text", async () => {
  expect(await tokenize("a AND <lora:x:1>", "negative")).toMatchObject({ spans: [], hints: [] });
  expect((await tokenize("a AND <lora:x:1>")).hints).toMatchObject([{ kind: "network", position: 6 }]);
});

test.each([
  ["one word", "漢"],
  ["spaces", " "],
  ["brackets", "(["],
  ["escapes", "amp;"],
  ["alternations", "[a|b]"],
  ["networks without an end", "<lora:"],
])("100,000 characters of %s are answered", { timeout: 60_000 }, async (_, text) => {
  const prompt = `&${text.repeat(100_000)}`.slice(0, 100_000);
  const answer = await tokenize(prompt);
  expect(answer.limit % 75).toBe(0);
  expect(JSON.stringify(answer).length).toBeLessThan(400_000);
});

test("a prompt of 100,000 characters is counted, and the answer stays small", async () => {
  const text = "a photo of a cat on an (old:1.2) chair, ".repeat(2500);
  const before = process.cpuUsage();
  const answer = await tokenize(text);
  expect(process.cpuUsage(before).user / 1e6).toBeLessThan(10);
  expect(answer.used).toBeGreaterThan(20_000);
  expect(answer.chunks.length).toBe(answer.limit / 75);
  expect(JSON.stringify(answer).length).toBeLessThan(400_000);
}, 60_000);

test("a prompt is counted with the chosen checkpoint's tokenizer: SD 2.x decodes entities everywhere", async () => {
  // Beside such a sign, SD 1.x reads entities undecoded.
  const text = "1 < 2 &amp; 3";
  const { used } = await tokenize(text);
  const sd2 = safetensorsOfZeros({
    "model.diffusion_model.input_blocks.0.0.weight": [4, 4, 3, 3],
    "model.diffusion_model.input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight": [4, 1024],
    "cond_stage_model.transformer.text_model.embeddings.token_embedding.weight": [4, 1024],
    "first_stage_model.encoder.conv_in.weight": [4, 3, 3, 3],
    "first_stage_model.decoder.conv_in.weight": [4, 4, 3, 3],
  });
  await writeFile(join(app.dataDir, "models", "Stable-diffusion", "second.safetensors"), sd2);
  await vi.waitFor(async () => {
    const listed = await app.server.inject({ method: "GET", url: "/api/checkpoints" });
    expect(listed.json<Checkpoint[]>()).toContainEqual(
      expect.objectContaining({
        name: "second.safetensors",
        family: "sd2",
        dialect: "openClip",
        unsupportedReason: null,
      }),
    );
  });
  // A user's own checkpoint comes before the demo.
  expect((await tokenize(text)).used).toBeLessThan(used);
});
