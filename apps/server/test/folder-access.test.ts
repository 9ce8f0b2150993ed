/** @file The permission to read any folder: who can give it, what it opens, and what ends it. */
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { newDataDir, testApp, type TestApp } from "./test-app.ts";
import { writePicture } from "./sample-files.ts";

let app: TestApp;
let outside: string;

beforeAll(async () => {
  app = await testApp();
  outside = await mkdtemp(join(tmpdir(), "lexeme-outside-"));
  await writePicture(join(outside, "photo.png"));
}, 120_000);
afterAll(async () => {
  await app.end();
  await rm(outside, { recursive: true });
}, 60_000);
afterEach(() => set(false));

interface From {
  headers?: Record<string, string>;
  remoteAddress?: string;
}

function set(anyFolder: boolean, { headers = {}, remoteAddress = "127.0.0.1" }: From = {}, to = app) {
  const host = { host: "127.0.0.1:7860" };
  const request = { method: "PUT", url: "/api/folder-access", payload: { anyFolder }, remoteAddress } as const;
  return to.server.inject({ ...request, headers: { ...host, ...headers } });
}

const dataset = (path: string, to = app) => to.server.inject({ url: "/api/dataset", query: { path } });
const state = async (to = app): Promise<string> => (await to.server.inject("/api/system")).json().folderAccess;

test("after one confirmation any folder is read, also after a restart, and only read", async () => {
  expect((await dataset(outside)).json()).toMatchObject({ code: "PATH_OUTSIDE" });
  expect(await state()).toBe("closed");
  expect((await set(true)).json()).toMatchObject({ folderAccess: "open" });
  expect((await dataset(outside)).json()).toMatchObject({ pictures: [{ file: "photo.png" }] });
  const job = (settings: object) =>
    app.server.inject({ method: "POST", url: "/api/jobs", payload: { kind: "preprocess", settings } });
  const processDst = join(app.services.folders.datasets, "from-outside");
  expect((await job({ processSrc: outside, processDst })).statusCode).toBe(200);
  const caption = { path: join(outside, "photo.png"), caption: "a" };
  for (const refused of [
    await job({ processSrc: app.dataDir, processDst: join(outside, "out") }),
    await app.server.inject({ method: "PUT", url: "/api/dataset/caption", payload: caption }),
    await app.server.inject({ method: "POST", url: "/api/images/delete", payload: { path: caption.path } }),
  ])
    expect(refused.statusCode).toBeGreaterThanOrEqual(400);
  const { roots } = (await app.server.inject("/api/folders")).json();
  expect(roots.map(({ name }: { name: string }) => name)).toEqual(
    expect.arrayContaining(["This computer", "Data folder"]),
  );

  const dataDir = await newDataDir();
  for (const expected of ["closed", "open"]) {
    const one = await testApp({ dataDir });
    expect(await state(one)).toBe(expected);
    await set(true, {}, one);
    await one.end();
  }
  // The same data folder, now with other users.
  const shared = await testApp({ dataDir, config: { host: "0.0.0.0" } });
  expect(await state(shared)).toBe("unavailable");
  expect((await dataset(outside, shared)).json()).toMatchObject({ code: "PATH_OUTSIDE" });
  await shared.end();
  await rm(dataDir, { recursive: true });
}, 120_000);

test.each<[string, From]>([
  ["another machine", { remoteAddress: "192.168.7.2" }],
  ["a proxy", { headers: { "x-forwarded-for": "203.0.113.9" } }],
  ["a proxy that names itself only", { headers: { via: "1.1 proxy" } }],
  ["a page of another site", { headers: { origin: "https://attacker.example" } }],
  ["a rebound name", { headers: { host: "attacker.example" } }],
])("%s cannot give it", async (_, from) => {
  expect((await set(true, from)).statusCode).toBe(403);
  expect(await state()).toBe("closed");
});

test.each<[string, From]>([
  ["another machine", { remoteAddress: "192.168.7.2" }],
  ["a proxy", { headers: { "x-forwarded-for": "127.0.0.1" } }],
])("a request from %s ends it before it is answered", async (_, { headers = {}, remoteAddress = "127.0.0.1" }) => {
  await set(true);
  const request = { url: "/api/dataset", query: { path: outside }, headers: { host: "127.0.0.1", ...headers } };
  expect((await app.server.inject({ ...request, remoteAddress })).json()).toMatchObject({ code: "PATH_OUTSIDE" });
  expect(await state()).toBe("closed");
});

test.each<[string, object]>([
  ["a password", { auth: { user: "ada", password: "x" } }],
  ["a proxy", { trustedProxies: ["10.0.0.1"] }],
  ["another host name", { allowHosts: ["box.example"] }],
  ["other sites' pages", { corsAllowOrigins: ["https://friend.example"] }],
])(
  "with %s in the options it cannot be given",
  async (_, config) => {
    const one = await testApp({ config });
    const headers = { authorization: `Basic ${Buffer.from("ada:x").toString("base64")}` };
    expect((await set(true, { headers }, one)).json()).toMatchObject({ code: "FOLDER_ACCESS_REFUSED" });
    await one.end();
  },
  60_000,
);

test("links that leave a root or a folder, and Lexeme's own files, stay closed", async () => {
  const { datasets, ours } = app.services.folders;
  await set(true);
  await symlink(outside, join(datasets, "way-out"));
  expect((await dataset(join(datasets, "way-out"))).json()).toMatchObject({ code: "PATH_OUTSIDE" });
  const other = join(outside, "other");
  await mkdir(other);
  await writePicture(join(ours, "secret.png"));
  await symlink(join(outside, "photo.png"), join(other, "linked.png"));
  expect((await dataset(other)).json()).toMatchObject({ pictures: [], broken: [{ file: "linked.png" }] });
  await symlink(ours, join(outside, "ours"));
  for (const path of [ours, join(outside, "ours"), join(app.dataDir, ".lexeme")])
    expect((await dataset(path)).json()).toMatchObject({ code: "PATH_OUTSIDE" });
  await rm(join(datasets, "way-out"));
});

test("the data folder itself is a root, without its hidden folders; what is read-only inside it stays so", async () => {
  const { dataDir } = app;
  for (const name of ["train", ".git"]) {
    await mkdir(join(dataDir, name));
    await writePicture(join(dataDir, name, "photo.png"));
  }
  expect((await dataset(join(dataDir, "train"))).json()).toMatchObject({ pictures: [{ file: "photo.png" }] });
  expect((await dataset(join(dataDir, ".git"))).json()).toMatchObject({ code: "PATH_OUTSIDE" });
  const save = async (folder: string): Promise<number> => {
    const payload = { path: join(folder, "photo.png"), caption: "a" };
    return (await app.server.inject({ method: "PUT", url: "/api/dataset/caption", payload })).statusCode;
  };
  const model = app.services.folders.checkpoints;
  await writePicture(join(model, "photo.png"));
  await writeFile(join(model, "photo.txt"), "as it is");
  expect([await save(join(dataDir, "train")), await save(model)]).toEqual([200, 503]);
});
