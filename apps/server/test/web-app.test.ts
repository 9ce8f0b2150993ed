/** @file The built web app: its files, the single page for all its addresses, caching. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testApp, type TestApp } from "./test-app.ts";

let app: TestApp;
let dist: string;

beforeAll(async () => {
  dist = await mkdtemp(join(tmpdir(), "lexeme-dist-"));
  app = await testApp({ webDist: dist });
}, 120_000);
afterAll(async () => {
  await app.end();
  await rm(dist, { recursive: true });
}, 30_000);

test("before the web app is built the page says how to build it", async () => {
  const response = await app.server.inject("/");
  expect(response.statusCode).toBe(503);
  expect(response.body).toContain("pnpm build");
});

test("every address gets the page, files are sent unchanged, hashed files are cached for ever, and other paths are 404", async () => {
  await mkdir(join(dist, "assets"));
  await writeFile(join(dist, "index.html"), "<title>the page</title>");
  await writeFile(join(dist, "assets/index-abc123.js"), "export {};");
  for (const url of ["/", "/train", "/txt2img?seed=1", "/%E2%82%AC", "/..%2f..%2fetc%2fpasswd"]) {
    const page = await app.server.inject(url);
    expect({ url, status: page.statusCode, body: page.body, cache: page.headers["cache-control"] }).toEqual({
      url,
      status: 200,
      body: "<title>the page</title>",
      cache: "no-cache",
    });
  }
  const script = await app.server.inject("/assets/index-abc123.js");
  expect(script.headers).toMatchObject({
    "cache-control": "public, max-age=31536000, immutable",
    "x-content-type-options": "nosniff",
  });
  expect(String(script.headers["content-type"])).toContain("javascript");
  for (const url of ["/assets/old.js", "/api/none", "/%E0%A4%A"]) {
    expect((await app.server.inject(url)).statusCode).toBeGreaterThanOrEqual(400);
  }
  expect((await app.server.inject({ method: "POST", url: "/train" })).statusCode).toBe(404);
});
