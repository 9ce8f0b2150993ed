/** @file Every way to sign in against every kind of path, and every Host and Origin: who is let in, as tables. */
import { request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseConfig } from "../src/config.ts";
import { testApp, type TestApp } from "./test-app.ts";

const ADA = { user: "ada", password: "s3cret" };
const BOT = { user: "bot", password: "key:with:colons" };
const TOOL = "https://tool.example";
const OUR_PAGE = "http://127.0.0.1:7860";
const HOST = { host: "127.0.0.1:7860" };

const CONFIGS = {
  open: { auth: null, apiAuth: [], corsAllowOrigins: [TOOL] },
  "--auth": { auth: ADA, apiAuth: [], corsAllowOrigins: [TOOL] },
  "--api-auth": { auth: null, apiAuth: [BOT], corsAllowOrigins: [TOOL] },
  "--auth --api-auth": { auth: ADA, apiAuth: [BOT], corsAllowOrigins: [TOOL] },
} as const;
type ConfigName = keyof typeof CONFIGS;

const apps = new Map<ConfigName, TestApp>();
let everywhere: TestApp;

beforeAll(async () => {
  for (const [name, { auth, apiAuth, corsAllowOrigins }] of Object.entries(CONFIGS)) {
    const config = { auth, apiAuth: [...apiAuth], corsAllowOrigins: [...corsAllowOrigins] };
    apps.set(name as ConfigName, await testApp({ config }));
  }
  everywhere = await testApp({ config: { host: "0.0.0.0", allowHosts: ["box.lan"] } });
}, 240_000);
afterAll(async () => {
  for (const app of apps.values()) await app.end();
  await everywhere.end();
}, 120_000);

const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString("base64")}` });

const VISITORS = {
  nobody: async () => ({}),
  ada: async () => basic("ada:s3cret"),
  bot: async () => basic("bot:key:with:colons"),
  "a wrong password": async () => basic("ada:s3cret "),
  "an empty user": async () => basic(":"),
  "no Basic at all": async () => ({ authorization: "Bearer s3cret" }),
  "ada's cookie": (app: TestApp) => cookieOf(app),
  "a made-up cookie": async () => ({ cookie: `lexeme_session_7860=${"A".repeat(43)}` }),
} as const;

async function cookieOf({ server }: TestApp): Promise<{ cookie: string }> {
  const url = "/api/session";
  const { cookies } = await server.inject({ method: "POST", url, headers: HOST, payload: ADA });
  return { cookie: cookies.map(({ name, value }) => `${name}=${value}`).join("; ") };
}

/** The visitors of VISITORS that Lexeme's API and A1111's API let in. */
const LET_IN: Record<ConfigName, { api: readonly string[]; sdapi: readonly string[] }> = {
  open: { api: Object.keys(VISITORS), sdapi: Object.keys(VISITORS) },
  "--auth": { api: ["ada", "ada's cookie"], sdapi: ["ada", "ada's cookie"] },
  // A cookie proves nothing if the page asks for no password.
  "--api-auth": { api: Object.keys(VISITORS), sdapi: ["bot"] },
  "--auth --api-auth": { api: ["ada", "ada's cookie"], sdapi: ["ada", "bot", "ada's cookie"] },
};

const PATHS = [
  ["/api/system", "api"],
  ["/api/images", "api"],
  ["/%61pi/images", "api"],
  ["/api/%69mages", "api"],
  ["/sdapi/v1/samplers", "sdapi"],
  ["/%73dapi/v1/samplers", "sdapi"],
  ["/sdapi/v1/options", "sdapi"],
  ["/internal/pending-tasks", "sdapi"],
  ["/internal/ping", "all"],
] as const;

const cases = Object.keys(CONFIGS).flatMap((config) =>
  Object.keys(VISITORS).map((visitor) => ({ config: config as ConfigName, visitor: visitor as keyof typeof VISITORS })),
);

test.each(cases)("$config: $visitor", async ({ config, visitor }) => {
  const app = apps.get(config)!;
  const headers = { ...HOST, ...(await VISITORS[visitor](app)) };
  const statuses: [string, number][] = [];
  // Wrong passwords are counted by address.
  const network = `10.0.${cases.findIndex((one) => one.config === config && one.visitor === visitor)}`;
  for (const [i, [url]] of PATHS.entries()) {
    const { statusCode } = await app.server.inject({ url, headers, remoteAddress: `${network}.${i}` });
    statuses.push([url, statusCode]);
  }
  const expected = PATHS.map(([url, door]) => [
    url,
    door === "all" || LET_IN[config][door].includes(visitor) ? 200 : 401,
  ]);
  expect(statuses).toEqual(expected);
});

test("a whole address in the request line counts as its path", async () => {
  const { server } = apps.get("--auth")!;
  await server.listen({ host: "127.0.0.1", port: 0 });
  const { port } = server.server.address() as AddressInfo;
  const statusOf = (path: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      const outgoing = httpRequest({ port, path }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      outgoing.on("error", reject);
      outgoing.end();
    });
  for (const path of [`http://127.0.0.1:${port}/api/images`, "http://x/%61pi/images"]) {
    expect([path, await statusOf(path)]).toEqual([path, 401]);
  }
});

describe("Host, Origin and the source of a request", () => {
  const CROSS = { "sec-fetch-site": "cross-site" };
  /** The expected results for a path of Lexeme's API, of A1111's API, and of the page. */
  test.each([
    ["a program", { ...HOST }, [200, 200, "page"]],
    ["Lexeme's page", { ...HOST, origin: OUR_PAGE, "sec-fetch-site": "same-origin" }, [200, 200, "page"]],
    ["an allowed site", { ...HOST, origin: TOOL, ...CROSS }, [403, 200, "page"]],
    ["an allowed site, under an unknown host name", { host: "evil.example", origin: TOOL, ...CROSS }, [403, 403, 403]],
    ["an allowed site, without encryption", { ...HOST, origin: "http://tool.example", ...CROSS }, [403, 403, "page"]],
    ["an allowed site, on another port", { ...HOST, origin: `${TOOL}:8443`, ...CROSS }, [403, 403, "page"]],
    [
      "a site whose name begins with an allowed site",
      { ...HOST, origin: `${TOOL}.evil.example`, ...CROSS },
      [403, 403, "page"],
    ],
    ["an allowed site in capitals", { ...HOST, origin: "https://TOOL.example", ...CROSS }, [403, 403, "page"]],
    ["another site", { ...HOST, origin: "https://evil.example", ...CROSS }, [403, 403, "page"]],
    ["a site that hides itself", { ...HOST, origin: "null", ...CROSS }, [403, 403, "page"]],
    ["another site's pictures and links", { ...HOST, ...CROSS }, [403, 403, "page"]],
    ["another page of this machine", { ...HOST, "sec-fetch-site": "same-site" }, [403, 403, "page"]],
    ["a rebound name", { host: "evil.example", origin: "http://evil.example" }, [403, 403, 403]],
  ] as const)("%s", async (_who, headers, expected) => {
    const { server } = apps.get("open")!;
    // Encoded paths are the same routes and must be equally closed.
    for (const [api, sdapi, page] of [
      ["/api/images", "/sdapi/v1/samplers", "/train"],
      ["/%61pi/images", "/%73dapi/v1/samplers", "/%74rain"],
    ] as const) {
      const found = [];
      for (const url of [api, sdapi, page]) {
        const { statusCode } = await server.inject({ url, headers });
        found.push(url === page && statusCode !== 403 ? "page" : statusCode);
      }
      expect([api, ...found]).toEqual([api, ...expected]);
    }
  });

  test("--cors-allow-origins-regex matches only whole origins", async () => {
    const corsAllowOriginsRegex = parseConfig(
      ["--cors-allow-origins-regex", String.raw`https://.*\.tool\.example`],
      {},
    )?.corsAllowOriginsRegex;
    const app = await testApp({ config: { corsAllowOriginsRegex: corsAllowOriginsRegex ?? null } });
    const statusOf = async (url: string, origin: string) =>
      (await app.server.inject({ url, headers: { ...HOST, ...CROSS, origin } })).statusCode;
    expect(await statusOf("/sdapi/v1/samplers", "https://a.tool.example")).toBe(200);
    expect(await statusOf("/api/images", "https://a.tool.example")).toBe(403);
    for (const origin of ["https://a.tool.example.evil.example", "http://a.tool.example", "https://tool.example"]) {
      expect([origin, await statusOf("/sdapi/v1/samplers", origin)]).toEqual([origin, 403]);
    }
    await app.end();
  }, 60_000);

  test("a preflight is answered only for the allowed site and A1111's API", async () => {
    const { server } = apps.get("--auth --api-auth")!;
    const ask = async (url: string, origin: string) => {
      const headers = { ...HOST, origin, "access-control-request-method": "POST" };
      const { statusCode, headers: answered } = await server.inject({ method: "OPTIONS", url, headers });
      return [statusCode, answered["access-control-allow-origin"]];
    };
    expect(await ask("/sdapi/v1/txt2img", TOOL)).toEqual([204, TOOL]);
    expect(await ask("/sdapi/v1/txt2img", "https://evil.example")).toEqual([403, undefined]);
    expect(await ask("/api/jobs", TOOL)).toEqual([403, undefined]);
    expect(await ask("/%61pi/jobs", TOOL)).toEqual([403, undefined]);
  });

  test.each([
    ["192.168.1.5:7860", 200],
    ["box.lan", 200],
    ["sub.box.lan", 403],
    ["evil.example", 403],
    ["127.0.0.1.evil.example", 403],
    ["evil.example:127.0.0.1", 403],
    ["[::1]", 200],
  ])("listening on all addresses without a password: Host %j", async (host, status) => {
    expect((await everywhere.server.inject({ url: "/api/images", headers: { host } })).statusCode).toBe(status);
  });
});
