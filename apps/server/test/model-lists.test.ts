/** @file The lists behind the pickers of the page: checkpoints with hashes and prediction type, VAEs with hashes, and the chosen file. */
import { createHash } from "node:crypto";
import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DEMO_CHECKPOINT_PATH, DEMO_CHECKPOINT_SHA256 } from "@lexeme/demo";
import type { Checkpoint, ServerEventBody, System, Vae } from "@lexeme/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testApp, waitFor, type TestApp } from "./test-app.ts";

let app: TestApp;
const events: ServerEventBody[] = [];

beforeAll(async () => {
  app = await testApp();
  app.services.events.listen((batch) => events.push(...batch.map(({ event }) => event)));
}, 120_000);
afterAll(() => app.end(), 30_000);

async function get<T>(url: string): Promise<T> {
  return (await app.server.inject(url)).json<T>();
}

async function chooseVae(vae: string) {
  return app.server.inject({ method: "PUT", url: "/api/vae", payload: { vae } });
}

test("a checkpoint's whole hash and prediction type are in the list", async () => {
  const demo = await waitFor("the demo's hash", async () =>
    (await get<Checkpoint[]>("/api/checkpoints")).find((one) => one.isDemo && one.sha256 !== null),
  );
  expect(demo).toMatchObject({
    sha256: DEMO_CHECKPOINT_SHA256,
    shortHash: DEMO_CHECKPOINT_SHA256.slice(0, 10),
    predictionType: "epsilon",
  });
});

test("a new VAE is announced, hashed and can be chosen; when it is removed, jobs use Automatic again", async () => {
  const path = join(app.services.folders.vaes, "soft.safetensors");
  await cp(DEMO_CHECKPOINT_PATH, path);
  await waitFor("an event", () => events.some((event) => event.type === "library" && event.changed === "vaes"));
  const sha256 = createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
  const vae = await waitFor("its hash", async () =>
    (await get<Vae[]>("/api/vaes")).find((one) => one.name === "soft.safetensors" && one.shortHash !== null),
  );
  expect(vae.shortHash).toBe(sha256.slice(0, 10));

  expect((await get<System>("/api/system")).vae).toBe("Automatic");
  expect((await chooseVae("soft.safetensors")).json()).toMatchObject({ vae: "soft.safetensors" });
  expect(JSON.parse(await readFile(app.services.folders.settings, "utf8"))).toMatchObject({
    sd_vae: "soft.safetensors",
  });
  await rm(path);
  expect((await get<System>("/api/system")).vae).toBe("Automatic");
  // When the file is back, it is the chosen VAE again.
  await writeFile(path, "");
  expect((await get<System>("/api/system")).vae).toBe("soft.safetensors");
  expect((await chooseVae("None")).json()).toMatchObject({ vae: "None" });
});

test("a missing VAE cannot be chosen", async () => {
  const refused = await chooseVae("gone.pt");
  expect(refused.statusCode).toBe(404);
  expect(refused.json()).toMatchObject({ code: "VAE_MISSING" });
});
