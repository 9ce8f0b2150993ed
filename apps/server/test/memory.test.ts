/** @file Jobs that need too much memory are refused when they are requested. */
import type { Checkpoint, System } from "@lexeme/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testApp, type TestApp } from "./test-app.ts";

let app: TestApp;

beforeAll(async () => {
  app = await testApp({ config: { memoryBytes: 1.5e9 } });
  await app.services.jobs.ready;
}, 120_000);
afterAll(() => app.end(), 30_000);

async function draw(settings: object): Promise<{ status: number; body: Record<string, unknown> }> {
  const payload = { kind: "txt2img", settings: { prompt: "done", ...settings } };
  const response = await app.server.inject({ method: "POST", url: "/api/jobs", payload });
  return { status: response.statusCode, body: response.json() };
}

test("a picture that cannot fit is refused with the needed memory, the available memory, and settings that would fit", async () => {
  const { status, body } = await draw({ width: 2048, height: 2048 });
  expect(status).toBe(422);
  expect(body).toMatchObject({ code: "MEMORY_TOO_SMALL", details: { field: "width" } });
  const [, need, width, height] = /^Needs (\S+) GB of memory, and 1\.5 GB can be used: draw at (\d+) × (\d+)$/.exec(
    String(body["message"]),
  )!;
  expect(Number(need)).toBeGreaterThan(1.5);
  expect((await draw({ width: Number(width), height: Number(height) })).status).toBe(200);
  expect((await app.server.inject({ url: "/api/jobs" })).json()).toHaveLength(1);
});

test("the error for hires fix names a smaller scale", async () => {
  const { status, body } = await draw({ enableHr: true, hrScale: 4 });
  expect([status, body["code"], body["details"]]).toEqual([422, "MEMORY_TOO_SMALL", { field: "hrScale" }]);
  expect((await draw({ enableHr: true, hrScale: 1.5 })).status).toBe(200);
});

test("the page gets the facts for the same prediction", async () => {
  const system: System = (await app.server.inject({ url: "/api/system" })).json();
  expect(system.memory.usableBytes).toBe(1.5e9);
  const checkpoints: Checkpoint[] = (await app.server.inject({ url: "/api/checkpoints" })).json();
  expect(checkpoints.find(({ isDemo }) => isDemo)?.networkSizes).toMatchObject({ unetChannels: 64, unetHeads: 2 });
});
