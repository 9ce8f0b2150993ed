/** @file The doors of the server: host names of this machine, the sign-in's limits, visitors behind a proxy, cookies of two servers. */
import { once } from "node:events";
import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { connect, type AddressInfo } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { safetensorsOfZeros, writePicture } from "./sample-files.ts";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { SIGN_IN_BODY_MS } from "../src/plugins/sign-in.ts";
import { testApp, type TestApp } from "./test-app.ts";

let open: TestApp;
let guarded: TestApp;

beforeAll(async () => {
  open = await testApp({ config: { host: "0.0.0.0" } });
  guarded = await testApp({
    config: { host: "0.0.0.0", auth: { user: "ada", password: "s3cret" }, trustedProxies: ["10.0.0.1", "fd00::/8"] },
  });
}, 120_000);
afterAll(async () => {
  await open.end();
  await guarded.end();
}, 60_000);

describe("host names without a password", () => {
  const label = hostname().toLowerCase().split(".")[0] ?? "";

  test.each([
    [hostname(), 200],
    [label, 200],
    [`${label}.local:7860`, 200],
    [`${label}.lan`, 200],
    [`${label}.attacker.example`, 403],
    [`${label}.local.attacker.example`, 403],
    [`${label}.`, 403],
  ])("Host %j", async (host, status) => {
    expect((await open.server.inject({ url: "/api/images", headers: { host } })).statusCode).toBe(status);
  });
});

test("the page may open a socket to the host under which it was opened, and to no other", async () => {
  const policyFor = async (host: string) =>
    String((await guarded.server.inject({ url: "/", headers: { host } })).headers["content-security-policy"]);
  expect(await policyFor("box.lan:7860")).toContain("connect-src 'self' ws://box.lan:7860 wss://box.lan:7860;");
  expect(await policyFor("[::1]:7860")).toContain("connect-src 'self' 'self' 'self';");
  expect(await policyFor("a; script-src *")).not.toContain("script-src *");
});

describe("the sign-in", () => {
  const signIn = (payload: object | string, headers: Record<string, string> = {}, remoteAddress = "192.168.7.1") =>
    guarded.server.inject({
      method: "POST",
      url: "/api/session",
      headers: { "content-type": "application/json", ...headers },
      payload,
      remoteAddress,
    });
  const right = { user: "ada", password: "s3cret" };

  test("a body that is not JSON, not a sign-in or too large is an attempt too", async () => {
    const bad = ["{", "[]", '{"user":"ada"}', JSON.stringify({ user: "ada", password: "x".repeat(9000) })];
    const statuses = [];
    for (let i = 0; i < 12; i++) statuses.push((await signIn(bad[i % bad.length] ?? "")).statusCode);
    expect(statuses.slice(0, 4)).toEqual([400, 400, 400, 413]);
    expect(statuses.slice(10)).toEqual([429, 429]);
    expect((await signIn(right)).statusCode).toBe(429);
    expect((await signIn(right, {}, "192.168.7.2")).statusCode).toBe(200);
  });

  test("malformed Basic credentials are attempts too", async () => {
    const ask = async (authorization: string) => {
      const headers = { authorization };
      return (await guarded.server.inject({ url: "/api/system", headers, remoteAddress: "192.168.7.3" })).statusCode;
    };
    const statuses = [];
    for (let i = 0; i < 12; i++) statuses.push(await ask(`Basic !${i}`));
    expect(statuses[0]).toBe(401);
    expect(statuses.at(-1)).toBe(429);
  });

  test("a body that does not arrive in time is answered, and its connection ends", async () => {
    await guarded.server.listen({ host: "127.0.0.1", port: 0 });
    const { port } = guarded.server.server.address() as AddressInfo;
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const socket = connect({ port, host: "127.0.0.1" });
      const answer = text(socket);
      const received = once(guarded.server.server, "request");
      socket.write(
        "POST /api/session HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 40\r\n\r\n{",
      );
      await received;
      await new Promise((wake) => setImmediate(wake));
      await vi.advanceTimersByTimeAsync(SIGN_IN_BODY_MS);
      expect(await answer).toMatch(/^HTTP\/1\.1 408[^]*REQUEST_TOO_SLOW/u);
    } finally {
      vi.useRealTimers();
    }
  });

  test("behind a trusted proxy the wrong passwords of one visitor do not lock out another, and nobody can invent an address", async () => {
    const from = (address: string) => ({ "x-forwarded-for": address });
    for (let i = 0; i < 11; i++)
      await signIn({ ...right, password: `${i}` }, from(`1.2.3.${i}, 203.0.113.9`), "10.0.0.1");
    expect((await signIn(right, from("203.0.113.9"), "10.0.0.1")).statusCode).toBe(429);
    expect((await signIn(right, from("1.1.1.1, 203.0.113.9:443, fd00::7"), "::ffff:10.0.0.1")).statusCode).toBe(429);
    expect((await signIn(right, from("203.0.113.10"), "10.0.0.1")).statusCode).toBe(200);
    // The header of any other sender is ignored.
    for (let i = 0; i < 11; i++) await signIn({ ...right, password: `${i}` }, from(`203.0.113.${i}`), "192.168.7.4");
    expect((await signIn(right, from("203.0.113.11"), "192.168.7.4")).statusCode).toBe(429);
  });

  test("two servers of one machine keep their sessions apart, and setting the clock does not end a session", async () => {
    const nameOn = async (host: string) => {
      const [cookie] = (await signIn(right, { host }, "192.168.7.5")).cookies;
      return [cookie?.name, cookie?.value] as const;
    };
    const [first, value] = await nameOn("box:7860");
    const [second] = await nameOn("box:7861");
    expect([first, second, (await nameOn("box"))[0]]).toEqual([
      "lexeme_session_7860",
      "lexeme_session_7861",
      "lexeme_session",
    ]);
    const now = Date.now();
    vi.spyOn(Date, "now").mockReturnValue(now + 400 * 24 * 3600 * 1000);
    const headers = { host: "box:7860", cookie: `${first}=${value}` };
    expect((await guarded.server.inject({ url: "/api/system", headers })).statusCode).toBe(200);
    vi.restoreAllMocks();
  });
});

test("pictures and captions behind links that leave the roots are read neither for lists nor by jobs", async () => {
  const { server, dataDir } = open;
  const outside = `${dataDir}-outside`;
  const folder = join(dataDir, "datasets", "linked");
  await mkdir(outside);
  await mkdir(folder);
  await mkdir(join(dataDir, "outputs", "txt2img-images"), { recursive: true });
  await writePicture(join(outside, "secret.png"));
  await writeFile(join(outside, "secret.txt"), "a secret");
  await writePicture(join(folder, "own.png"));
  await symlink(join(outside, "secret.txt"), join(folder, "own.txt"));
  const start = (kind: string, settings: object) =>
    server.inject({ method: "POST", url: "/api/jobs", payload: { kind, settings } });
  const prepare = () => start("preprocess", { processSrc: folder, processDst: `${folder}-out` });
  const refused = { code: "PATH_OUTSIDE", details: { field: "processSrc" } };

  const listed = async () => (await server.inject({ url: "/api/dataset", query: { path: folder } })).json();
  expect(await listed()).toMatchObject({
    pictures: [{ file: "own.png", caption: "", captionFault: expect.stringContaining("a link to a place outside") }],
  });
  expect((await prepare()).json()).toMatchObject({ ...refused, message: expect.stringContaining('"own.txt"') });

  await rm(join(folder, "own.txt"));
  await symlink(join(outside, "secret.png"), join(folder, "linked.png"));
  await symlink(join(folder, "own.png"), join(folder, "twin.png"));
  expect(await listed()).toMatchObject({
    pictures: [{ file: "own.png" }, { file: "twin.png" }],
    broken: [{ file: "linked.png", reason: expect.stringContaining("a link to a place outside") }],
  });
  // A preprocessing leaves the picture out by name and never opens it.
  const settings = { processSrc: folder, processDst: `${folder}-out` };
  const planned = await server.inject({ method: "POST", url: "/api/preprocess/plan", payload: settings });
  const leftOut = [{ file: "linked.png", reason: expect.stringContaining("a link to a place outside") }];
  expect(planned.json()).toMatchObject({ pictures: 2, skipped: leftOut });
  expect((await prepare()).statusCode).toBe(200);
  await rm(join(folder, "linked.png"));

  await symlink(join(outside, "secret.png"), join(dataDir, "outputs", "txt2img-images", "linked.png"));
  expect((await server.inject("/api/images")).json()).toMatchObject({ images: [] });
  await rm(outside, { recursive: true });
});

test("an SVG under the name of a PNG is never drawn", async () => {
  const { server, dataDir } = open;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><rect width="64" height="64" fill="red"/></svg>`;
  const folder = join(dataDir, "datasets", "drawn");
  await mkdir(folder);
  await writePicture(join(folder, "photo.png"));
  await writeFile(join(folder, "drawing.png"), svg);
  await writeFile(join(dataDir, "outputs", "txt2img-images", "drawing.png"), svg);
  await writeFile(join(dataDir, "embeddings", "mira.png"), svg);
  const vector = safetensorsOfZeros({ emb_params: [1, 768] });
  await writeFile(join(dataDir, "embeddings", "mira.safetensors"), vector);
  expect((await server.inject({ url: "/api/dataset", query: { path: folder } })).json()).toMatchObject({
    pictures: [{ file: "photo.png" }],
    broken: [{ file: "drawing.png", reason: "it is a drawing" }],
  });
  const path = join(folder, "drawing.png");
  expect((await server.inject({ url: "/api/thumbnail", query: { path, size: "256" } })).statusCode).toBe(422);
  expect((await server.inject({ url: "/api/picture-info", query: { path } })).statusCode).toBe(422);
  expect((await server.inject("/api/images")).json()).toMatchObject({ images: [] });
  const shared = await server.inject({ url: "/api/embeddings/mira/file", query: { format: "png" } });
  expect(shared.json()).toMatchObject({ code: "NOT_A_PICTURE", message: expect.stringContaining("it is a drawing") });
});
