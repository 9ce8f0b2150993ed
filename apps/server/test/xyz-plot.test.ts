/** @file X/Y/Z plots over HTTP: every invalid value gets an error beside its field before the job runs, and names become files. */
import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DEMO_CHECKPOINT_PATH } from "@lexeme/demo";
import { XyzPlotSettingsSchema, type XyzPlotSettings } from "@lexeme/domain/plot";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { xyzContext } from "../src/jobs/kinds/xyz-plot-parts.ts";
import { testApp, type TestApp } from "./test-app.ts";

let app: TestApp;

beforeAll(async () => {
  app = await testApp();
  const { checkpoints, runs } = app.services.folders;
  await mkdir(join(checkpoints, "sub"), { recursive: true });
  await cp(DEMO_CHECKPOINT_PATH, join(checkpoints, "sub", "Other.safetensors"));
  await writeFile(join(checkpoints, "broken.safetensors"), "nothing of the kind");
  await app.server.inject({ method: "POST", url: "/api/embeddings", payload: { name: "mira", initText: "woman" } });
  for (const [day, steps] of [
    ["2026-01-01", [100, 200]],
    ["2026-01-02", [100]],
  ] as const) {
    const folder = join(runs, day, "mira", "embeddings");
    await mkdir(folder, { recursive: true });
    for (const step of steps) await writeFile(join(folder, `mira-${step}.pt`), "");
    // The times at which their folders were made distinguish runs.
    await new Promise((wake) => setTimeout(wake, 20));
  }
}, 120_000);
afterAll(() => app.end(), 30_000);

async function post(settings: Partial<XyzPlotSettings>) {
  const payload = { kind: "xyz-plot", settings: { prompt: "done mira", ...settings } };
  const answer = await app.server.inject({ method: "POST", url: "/api/jobs", payload });
  return { status: answer.statusCode, body: answer.json() };
}

describe("an invalid value gets an error beside its field, and no job is queued", () => {
  test.each<[Partial<XyzPlotSettings>, string, string]>([
    [{ xType: "Steps", xValues: "20, many" }, "xValues", "XYZ_VALUE_UNREADABLE"],
    [{ yType: "Sampler", yValues: "Euler, Nobody" }, "yValues", "XYZ_VALUE_UNREADABLE"],
    [{ zType: "Prompt S/R", zValues: "cat, dog" }, "zValues", "XYZ_VALUE_UNREADABLE"],
    [{ xType: "Prompt S/R", xValues: "mira, (mira:1.2.3)" }, "xValues", "PROMPT_WEIGHT_UNREADABLE"],
    [{ xType: "Seed", xValues: "1-300" }, "xValues", "XYZ_TOO_LARGE"],
    [{ yType: "Checkpoint name", yValues: "demo-world, missing" }, "yValues", "CHECKPOINT_MISSING"],
    [{ yType: "Checkpoint name", yValues: "broken" }, "yValues", "CHECKPOINT_UNUSABLE"],
    [{ xType: "Embedding weight", xValues: "1", xyzEmbedding: "" }, "xyzEmbedding", "XYZ_VALUE_UNREADABLE"],
    [
      { prompt: "done nora", xType: "Embedding weight", xValues: "1", xyzEmbedding: "nora" },
      "xyzEmbedding",
      "EMBEDDING_MISSING",
    ],
    [{ xType: "Training copy", xValues: "100, 150", xyzEmbedding: "mira" }, "xValues", "COPY_MISSING"],
    [{ yType: "Training copy", yValues: "100", xyzEmbedding: "mira" }, "yValues", "SAFETENSORS_TRUNCATED"],
    [{ prompt: "done (mira:1.2.3)", xType: "Steps", xValues: "1" }, "prompt", "PROMPT_WEIGHT_UNREADABLE"],
  ])("%j", async (settings, field, code) => {
    const { status, body } = await post(settings);
    expect(body).toMatchObject({ code, details: { field } });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect((await app.server.inject("/api/jobs")).json()).toEqual([]);
  });
});

test("names of checkpoints may leave out folder and ending, copies come from the newest run", async () => {
  const settings = XyzPlotSettingsSchema.parse({
    prompt: "mira",
    xType: "Checkpoint name",
    xValues: "other, sub_Other [0123456789], sub/Other.safetensors, demo-world.safetensors",
    yType: "Training copy",
    yValues: "100-200 (+100)",
    xyzEmbedding: "mira",
  });
  const { checkpoints, copies } = await xyzContext(settings, app.services);
  const own = join(app.services.folders.checkpoints, "sub", "Other.safetensors");
  expect(checkpoints).toMatchObject({
    other: { name: "sub/Other.safetensors", path: own },
    "sub_Other [0123456789]": { name: "sub/Other.safetensors", path: own },
    "sub/Other.safetensors": { path: own },
    "demo-world.safetensors": { path: DEMO_CHECKPOINT_PATH, vae: null },
  });
  const { runs } = app.services.folders;
  expect(copies).toEqual({
    100: join(runs, "2026-01-02", "mira", "embeddings", "mira-100.pt"),
    200: join(runs, "2026-01-01", "mira", "embeddings", "mira-200.pt"),
  });
});

test("a plot is a job of the device lane with its own title, and uses the options' defaults", async () => {
  await app.server.inject({ method: "PUT", url: "/api/options", payload: { CLIP_stop_at_last_layers: 2 } });
  const { status, body } = await post({ xType: "CFG Scale", xValues: "1-10 (+2)" });
  expect(body).toMatchObject({ title: "Plot: done mira", lane: "device" });
  expect(status).toBeLessThan(300);
  expect(body.request.settings).toMatchObject({ xType: "CFG Scale", yType: "Nothing", drawLegend: true, clipSkip: 2 });
});
