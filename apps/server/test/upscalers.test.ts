/** @file The server's list of upscalers, and the check of hires fix before a job is queued. */
import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { LATENT_UPSCALERS, PIXEL_UPSCALERS } from "@lexeme/domain/settings";
import type { Job, ListedUpscaler } from "@lexeme/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testApp, waitFor, type TestApp } from "./test-app.ts";

const NETWORKS = fileURLToPath(new URL("../../../packages/networks/fixtures/upscalers/", import.meta.url));

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
}, 120_000);
afterAll(() => app.end(), 30_000);

async function queue(settings: object) {
  const payload = { kind: "txt2img", settings: { prompt: "done", enableHr: true, ...settings } };
  return app.server.inject({ method: "POST", url: "/api/jobs", payload });
}

test("latent upscalers come first, then pixel upscalers, as in A1111", async () => {
  const list = (await app.server.inject("/api/upscalers")).json<ListedUpscaler[]>();
  expect(list.map(({ name }) => name)).toEqual([...LATENT_UPSCALERS, ...PIXEL_UPSCALERS]);
  expect(list.find(({ name }) => name === "Latent")?.kind).toBe("latent");
  expect(list.find(({ name }) => name === "Lanczos")?.kind).toBe("pixel");
});

test("hires fix is kept with its job; a missing upscaler and a broken weight are refused beside their field", async () => {
  const kept = await queue({ hrUpscaler: "Nearest", hrSamplerName: "Euler a", hrResizeX: 700 });
  expect(kept.statusCode).toBe(200);
  const { id } = kept.json<Job>();
  expect((await app.server.inject(`/api/jobs/${id}`)).json<Job>().request.settings).toMatchObject({
    enableHr: true,
    hrUpscaler: "Nearest",
    hrSamplerName: "Euler a",
    hrScheduler: null,
    hrResizeX: 700,
    denoisingStrength: 0.7,
  });
  const gone = await queue({ hrUpscaler: "4x-gone" });
  expect([gone.statusCode, gone.json()]).toMatchObject([
    404,
    { code: "UPSCALER_MISSING", details: { field: "hrUpscaler" } },
  ]);
  const broken = await queue({ hrPrompt: "a (cat:1.2.3)" });
  expect([broken.statusCode, broken.json()]).toMatchObject([
    422,
    { code: "PROMPT_WEIGHT_UNREADABLE", details: { field: "hrPrompt" } },
  ]);
  // If hires fix is off, these faults do not matter.
  expect((await queue({ enableHr: false, hrUpscaler: "4x-gone" })).statusCode).toBe(200);
});

test("the user's models are listed under A1111's names, with the reason if they cannot be used", async () => {
  const { esrgan, realEsrgan } = app.services.folders;
  await copyFile(`${NETWORKS}first-x2.pth`, join(esrgan, "2x-mine.pth"));
  await copyFile(`${NETWORKS}other.pth`, join(esrgan, "other.pth"));
  await writeFile(join(esrgan, "broken.safetensors"), "not a network");
  await copyFile(`${NETWORKS}real-x4.pth`, join(realEsrgan, "RealESRGAN_x4plus.pth"));
  const list = (await app.server.inject("/api/upscalers")).json<ListedUpscaler[]>();
  expect(list.filter(({ kind }) => kind === "model")).toMatchObject([
    { name: "2x-mine", path: join(esrgan, "2x-mine.pth"), scale: 2, unusableReason: null },
    { name: "broken", scale: null, unusableReason: expect.stringContaining("broken.safetensors") },
    { name: "other", scale: null, unusableReason: expect.stringMatching(/holds no ESRGAN or Real-ESRGAN network/) },
    { name: "R-ESRGAN 4x+", scale: 4, unusableReason: null },
  ]);
  expect((await queue({ hrUpscaler: "R-ESRGAN 4x+" })).statusCode).toBe(200);
  const refused = await queue({ hrUpscaler: "other" });
  expect([refused.statusCode, refused.json()]).toMatchObject([
    422,
    { code: "UPSCALER_UNUSABLE", details: { field: "hrUpscaler" }, message: expect.stringContaining("other.pth") },
  ]);
  const theirs = (await app.server.inject("/sdapi/v1/upscalers")).json<{ name: string; scale: number }[]>();
  expect(theirs.at(-1)).toMatchObject({ name: "R-ESRGAN 4x+", model_name: "R-ESRGAN 4x+", scale: 4 });
  expect(theirs.map(({ name }) => name)).not.toContain("other");
});

test("a job with a model gets its file", async () => {
  const { id } = (await queue({ hrUpscaler: "2x-mine", prompt: "done" })).json<Job>();
  const get = async () => (await app.server.inject(`/api/jobs/${id}`)).json<Job>();
  await waitFor("the job is done", async () => (await get()).state === "done");
  const { upscaler } = JSON.parse((await get()).results.summary!) as { upscaler: unknown };
  expect(upscaler).toEqual({ name: "2x-mine", path: join(app.services.folders.esrgan, "2x-mine.pth") });
});
