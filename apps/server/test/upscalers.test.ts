/** @file Upscalers as the server lists them, and hires fix as it is checked before a job is queued. */
import { LATENT_UPSCALERS, PIXEL_UPSCALERS, type Job, type ListedUpscaler } from "@lexeme/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testApp, type TestApp } from "./test-app.ts";

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
}, 120_000);
afterAll(() => app.end(), 30_000);

async function queue(settings: object) {
  const payload = { kind: "txt2img", settings: { prompt: "a cat", enableHr: true, ...settings } };
  return app.server.inject({ method: "POST", url: "/api/jobs", payload });
}

test("latent upscalers come first, then those on pixels, as in A1111", async () => {
  const list = (await app.server.inject("/api/upscalers")).json<ListedUpscaler[]>();
  expect(list.map(({ name }) => name)).toEqual([...LATENT_UPSCALERS, ...PIXEL_UPSCALERS]);
  expect(list.find(({ name }) => name === "Latent")?.kind).toBe("latent");
  expect(list.find(({ name }) => name === "Lanczos")?.kind).toBe("pixel");
});

test("hires fix is kept with its job; an upscaler that is not there, and a broken weight, are refused beside their field", async () => {
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
  // Switched off, none of it matters.
  expect((await queue({ enableHr: false, hrUpscaler: "4x-gone" })).statusCode).toBe(200);
});
