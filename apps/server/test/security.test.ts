/** @file Who is let in (Host, Origin, sign-in), and which paths of the file system are out of reach. */
import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { InjectOptions } from "fastify";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testApp, type TestApp } from "./test-app.ts";

let open: TestApp;
let guarded: TestApp;

beforeAll(async () => {
  open = await testApp();
  guarded = await testApp({ config: { host: "0.0.0.0", auth: { user: "ada", password: "s3cret" } } });
}, 120_000);
afterAll(async () => {
  await open.end();
  await guarded.end();
}, 60_000);

describe("Host and Origin", () => {
  test.each([
    ["Lexeme's page", { host: "127.0.0.1:7860", origin: "http://127.0.0.1:7860" }, 200],
    ["localhost on another port", { host: "localhost:5173", origin: "http://localhost:5173" }, 200],
    ["a local program", { host: "127.0.0.1:7860" }, 200],
    ["IPv6", { host: "[::1]:7860" }, 200],
    ["a rebound name", { host: "evil.example" }, 403],
    ["another site's page", { host: "127.0.0.1:7860", origin: "http://evil.example" }, 403],
    ["another port's page", { host: "127.0.0.1:7860", origin: "http://127.0.0.1:3000" }, 403],
    ["a page without an origin", { host: "127.0.0.1:7860", origin: "null" }, 403],
    ["a picture tag of another site", { host: "127.0.0.1:7860", "sec-fetch-site": "cross-site" }, 403],
  ])("%s", async (_what, headers, status) => {
    expect((await open.server.inject({ url: "/api/system", headers })).statusCode).toBe(status);
  });

  test("other sites may link to the page, but not under a rebound name", async () => {
    const headers = { host: "127.0.0.1:7860", "sec-fetch-site": "cross-site" };
    expect((await open.server.inject({ url: "/", headers })).statusCode).not.toBe(403);
    expect((await open.server.inject({ url: "/", headers: { host: "evil.example" } })).statusCode).toBe(403);
  });

  test("the page's headers forbid content from other sites and do not upgrade to HTTPS", async () => {
    const policy = String((await open.server.inject("/api/system")).headers["content-security-policy"]);
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("connect-src 'self' ws:");
    expect(policy).not.toContain("upgrade-insecure-requests");
  });
});

describe("sign-in", () => {
  test("without a sign-in there is no API, but the page that asks for the sign-in", async () => {
    const refused = await guarded.server.inject("/api/system");
    expect(refused.statusCode).toBe(401);
    expect(refused.json()).toMatchObject({ code: "SIGN_IN_NEEDED" });
    expect((await guarded.server.inject("/train")).statusCode).not.toBe(401);
  });

  test("the cookie signs in, cannot be read by scripts, and ends with signing out", async () => {
    const response = await signIn("ada", "s3cret");
    expect(response.statusCode).toBe(200);
    const [cookie] = response.cookies;
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/" });
    const cookies = { [cookie?.name ?? ""]: cookie?.value ?? "" };
    expect((await guarded.server.inject({ url: "/api/system", cookies })).json()).toMatchObject({ signedInAs: "ada" });
    await guarded.server.inject({ method: "DELETE", url: "/api/session", cookies });
    expect((await guarded.server.inject({ url: "/api/system", cookies })).statusCode).toBe(401);
  });

  test("programs sign in with Basic authentication", async () => {
    const basic = (text: string): InjectOptions => ({
      url: "/api/system",
      headers: { authorization: `Basic ${Buffer.from(text).toString("base64")}` },
    });
    expect((await guarded.server.inject(basic("ada:s3cret"))).statusCode).toBe(200);
    expect((await guarded.server.inject(basic("ada:wrong"))).statusCode).toBe(401);
    expect((await guarded.server.inject(basic("adas3cret"))).statusCode).toBe(401);
  });

  test("the number of tried passwords is limited", async () => {
    const statuses = [];
    for (let i = 0; i < 15; i++) statuses.push((await signIn("ada", `guess ${i}`)).statusCode);
    expect(statuses[0]).toBe(401);
    expect(statuses.at(-1)).toBe(429);
    // Otherwise an attacker would only have to look for the answer that differs.
    expect((await signIn("ada", "s3cret")).statusCode).toBe(429);
    const authorization = `Basic ${Buffer.from("ada:s3cret").toString("base64")}`;
    expect((await guarded.server.inject({ url: "/api/system", headers: { authorization } })).statusCode).toBe(429);
  });

  function signIn(user: string, password: string) {
    return guarded.server.inject({ method: "POST", url: "/api/session", payload: { user, password } });
  }
});

describe("paths", () => {
  test("nothing outside the roots can be read, written or listed, not even through links", async () => {
    const datasets = join(open.dataDir, "datasets");
    const outside = `${open.dataDir}-outside`;
    await mkdir(outside);
    await sharp({ create: { width: 8, height: 8, channels: 3, background: "red" } })
      .png()
      .toFile(join(outside, "secret.png"));
    await symlink(outside, join(datasets, "link"));
    await symlink(join(outside, "secret.png"), join(datasets, "link.png"));
    await writeFile(join(datasets, "notes.txt"), "not a picture");
    const paths = [
      join(outside, "secret.png"),
      join(datasets, "link", "secret.png"),
      join(datasets, "link.png"),
      `${datasets}/../../${outside.split("/").at(-1)}/secret.png`,
      "/etc/passwd",
      join(open.dataDir, ".lexeme/settings.json"),
      "datasets/x.png",
      `${datasets}/x\0.png`,
    ];
    for (const path of paths) {
      for (const url of ["/api/file", "/api/thumbnail", "/api/dataset", "/api/folders"]) {
        const response = await open.server.inject({ url, query: { path } });
        expect({ url, path, status: response.statusCode }).toEqual({ url, path, status: 403 });
      }
      const caption = await open.server.inject({
        method: "PUT",
        url: "/api/dataset/caption",
        payload: { path, caption: "x" },
      });
      expect(caption.statusCode).toBe(403);
      const deleted = await open.server.inject({ method: "POST", url: "/api/images/delete", payload: { path } });
      expect(deleted.statusCode).toBe(403);
    }
    expect(
      (await open.server.inject({ url: "/api/file", query: { path: join(datasets, "notes.txt") } })).statusCode,
    ).toBe(422);
    expect(
      (await open.server.inject({ url: "/api/file", query: { path: join(datasets, "none.png") } })).statusCode,
    ).toBe(404);
    const browsed = (await open.server.inject({ url: "/api/folders", query: { path: datasets } })).json();
    expect(browsed.folders).toEqual([]);
    await rm(outside, { recursive: true });
  });

  test("the demo's photos are read-only", async () => {
    const photos = open.services.roots.list.find(({ name }) => name === "Demo photos")?.path ?? "";
    const settings = { processSrc: photos, processDst: photos };
    const job = await open.server.inject({
      method: "POST",
      url: "/api/jobs",
      payload: { kind: "preprocess", settings },
    });
    expect(job.json()).toMatchObject({ code: "FOLDER_NOT_WRITABLE", details: { field: "processDst" } });
  });
});
