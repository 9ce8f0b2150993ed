/** @file Who may use A1111's API: passwords, other sites' pages, and how the API is turned off. */
import type { InjectOptions } from "fastify";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sdapiClient } from "./sdapi-client.ts";
import { testApp, type TestApp } from "./test-app.ts";

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
  await app.services.jobs.ready;
}, 120_000);
afterAll(() => app.end(), 60_000);
const { get } = sdapiClient(() => app);

describe("who may use it", () => {
  const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString("base64")}` });
  const ada = { user: "ada", password: "s3cret" };
  const bot = { user: "bot", password: "key" };

  async function statuses(guarded: TestApp, headers: InjectOptions["headers"] = {}) {
    const urls = [
      "/sdapi/v1/samplers",
      "/sdapi/v1/nothing",
      "/internal/pending-tasks",
      "/internal/ping",
      "/api/system",
    ];
    const answers = await Promise.all(urls.map((url) => guarded.server.inject({ url, headers })));
    return answers.map(({ statusCode }) => statusCode);
  }

  test("with only --auth the API is not open: it needs Basic or the page's cookie, and ping only says that the server answers", async () => {
    const guarded = await testApp({ config: { host: "0.0.0.0", auth: ada } });
    expect(await statuses(guarded)).toEqual([401, 401, 401, 200, 401]);
    const refused = await guarded.server.inject("/sdapi/v1/samplers");
    expect(refused.headers["www-authenticate"]).toContain("Basic");
    expect(refused.json()).toMatchObject({ error: "SIGN_IN_NEEDED", detail: "Sign in first", body: "" });
    expect(await statuses(guarded, basic("ada:s3cret"))).toEqual([200, 404, 200, 200, 200]);
    const signedIn = await guarded.server.inject({
      method: "POST",
      url: "/api/session",
      payload: { user: "ada", password: "s3cret" },
    });
    const [cookie] = signedIn.cookies;
    expect(await statuses(guarded, { cookie: `${cookie?.name}=${cookie?.value}` })).toEqual([200, 404, 200, 200, 200]);
    await guarded.end();
  }, 60_000);

  test("--api-auth lets its users into A1111's API and nowhere else; users of the page may use it too", async () => {
    const guarded = await testApp({ config: { host: "0.0.0.0", auth: ada, apiAuth: [bot, { ...bot, user: "bat" }] } });
    expect(await statuses(guarded)).toEqual([401, 401, 401, 200, 401]);
    expect(await statuses(guarded, basic("bot:key"))).toEqual([200, 404, 200, 200, 401]);
    expect(await statuses(guarded, basic("bat:key"))).toEqual([200, 404, 200, 200, 401]);
    expect(await statuses(guarded, basic("ada:s3cret"))).toEqual([200, 404, 200, 200, 200]);
    expect((await statuses(guarded, basic("bot:s3cret")))[0]).toBe(401);
    await guarded.end();
  }, 60_000);

  test("without --auth it still guards the API, and the number of tried passwords is limited", async () => {
    const guarded = await testApp({ config: { apiAuth: [bot] } });
    expect(await statuses(guarded)).toEqual([401, 401, 401, 200, 200]);
    const tries = [];
    for (let i = 0; i < 12; i++) tries.push((await statuses(guarded, basic(`bot:${i}`)))[0]);
    expect(tries[0]).toBe(401);
    expect(tries.at(-1)).toBe(429);
    expect((await statuses(guarded, basic("bot:key")))[0]).toBe(429);
    await guarded.end();
  }, 60_000);

  test("another site's page may not even read; a program without an Origin may read", async () => {
    for (const headers of [{ origin: "http://evil.example" }, { "sec-fetch-site": "cross-site" }]) {
      const host = { host: "127.0.0.1:7860" };
      const read = await app.server.inject({ url: "/sdapi/v1/progress", headers: { ...host, ...headers } });
      expect(read.statusCode).toBe(403);
      const written = { method: "POST", url: "/sdapi/v1/interrupt", headers: { ...host, ...headers } } as const;
      expect((await app.server.inject(written)).statusCode).toBe(403);
    }
    expect((await get("progress")).statusCode).toBe(200);
  });

  test("--cors-allow-origins lets a site's page into A1111's API and nowhere else, with its password", async () => {
    const origin = "https://tool.example";
    const guarded = await testApp({ config: { apiAuth: [bot], corsAllowOrigins: [origin] } });
    const headers = { host: "127.0.0.1:7860", origin, "sec-fetch-site": "cross-site" };
    const ask = async (options: Omit<InjectOptions, "method">, method: "GET" | "OPTIONS" = "GET") =>
      guarded.server.inject({ ...options, method });
    const wanted = { "access-control-request-method": "POST", "access-control-request-headers": "authorization" };
    const preflight = await ask({ url: "/sdapi/v1/txt2img", headers: { ...headers, ...wanted } }, "OPTIONS");
    expect(preflight.statusCode).toBe(204);
    expect(preflight.headers).toMatchObject({
      "access-control-allow-origin": origin,
      "access-control-allow-headers": "authorization",
      "access-control-allow-credentials": "true",
    });
    const url = "/sdapi/v1/samplers";
    expect((await ask({ url, headers })).statusCode).toBe(401);
    const welcome = await ask({ url, headers: { ...headers, ...basic("bot:key") } });
    expect(welcome.statusCode).toBe(200);
    expect(welcome.headers["access-control-allow-origin"]).toBe(origin);
    // Refused are: Lexeme's own API, another site, another port of the site, and a rebound host name.
    expect((await ask({ url: "/api/system", headers })).statusCode).toBe(403);
    for (const other of ["https://evil.example", `${origin}:444`, "null"]) {
      const refused = await ask({ url, headers: { ...headers, ...basic("bot:key"), origin: other } });
      expect(refused.statusCode).toBe(403);
      expect(refused.headers["access-control-allow-origin"]).toBeUndefined();
    }
    expect((await ask({ url, headers: { ...headers, host: "evil.example" } })).statusCode).toBe(403);
    await guarded.end();
  }, 60_000);

  test("--no-api turns the API off", async () => {
    const without = await testApp({ config: { api: false } });
    expect(await statuses(without)).toEqual([404, 404, 404, 404, 200]);
    await without.end();
  }, 60_000);
});
