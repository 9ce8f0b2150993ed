/** @file A seed of 64 bits stays exact to the last digit in both APIs, the picture, the gallery and the options. The worker is real. */
import { readPngParameters } from "@lexeme/formats";
import type { Job } from "@lexeme/protocol";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { workerLaunch } from "../src/worker-launch.ts";
import { JSON_TYPE, sdapiClient } from "./sdapi-client.ts";
import { newDataDir, testApp, type TestApp } from "./test-app.ts";

const SEED = "12345678901234567890";
const LAST = "18446744073709551615";
const TINY = '"width": 64, "height": 64, "steps": 2';

let app: TestApp;
beforeAll(async () => {
  app = await testApp({ worker: workerLaunch() });
  await app.services.jobs.ready;
}, 120_000);
afterAll(() => app.end(), 60_000);
const { get, post } = sdapiClient(() => app);

async function draw(body: string): Promise<{ text: string; info: string; png: Buffer }> {
  const response = await post("txt2img", body);
  if (response.statusCode !== 200) throw new Error(response.body);
  const { images, info } = response.json<{ images: string[]; info: string }>();
  return { text: response.body, info, png: Buffer.from(images[0]!, "base64") };
}

describe("A1111's API", () => {
  test("a seed is sent as a JSON number, used for drawing, and returned unchanged", async () => {
    const { text, info, png } = await draw(`{"prompt": "a man", "seed": ${SEED}, "n_iter": 2, ${TINY}}`);
    expect(readPngParameters(png)).toContain(`Seed: ${SEED}, `);
    expect(info).toContain(`"seed":${SEED},"all_seeds":[${SEED},12345678901234567891],`);
    expect(text.slice(text.indexOf('"parameters"'))).toContain(`"seed":${SEED},`);
  }, 120_000);

  test("variation seeds and a batch's seeds at the end of the range", async () => {
    const variation = `"subseed": ${LAST}, "subseed_strength": 0.5`;
    const varied = await draw(`{"prompt": "a man", "seed": ${SEED}, ${variation}, "n_iter": 2, ${TINY}}`);
    expect(varied.info).toContain(`"subseed":${LAST},"all_subseeds":[${LAST},0],`);
    expect(readPngParameters(varied.png)).toContain(`Variation seed: ${LAST}, `);
    const batch = await draw(`{"prompt": "a man", "seed": ${LAST}, "n_iter": 2, ${TINY}}`);
    expect(batch.info).toContain(`"all_seeds":[${LAST},0],`);
  }, 120_000);

  test("an infotext gives the same seed, and the same picture with it", async () => {
    const noise = `"override_settings": {"randn_source": "NV", "eta_noise_seed_delta": ${LAST}}`;
    const first = await draw(`{"prompt": "a man", "seed": ${SEED}, "sampler_name": "Euler a", ${noise}, ${TINY}}`);
    const infotext = readPngParameters(first.png)!;
    expect(infotext).toContain(`ENSD: ${LAST}, `);
    const again = await draw(JSON.stringify({ infotext }));
    expect(readPngParameters(again.png)).toBe(infotext);
    expect(again.png).toEqual(first.png);
    const told = await post("png-info", { image: first.png.toString("base64") });
    expect(told.json().info).toBe(infotext);
  }, 120_000);

  test("a seed that does not fit is refused by its name", async () => {
    for (const [seed, issue] of [
      ["18446744073709551616", "A whole number from -9223372036854775808 to 18446744073709551615 is needed"],
      ["1.5", "A whole number from -9223372036854775808 to 18446744073709551615 is needed"],
    ]) {
      const response = await post("txt2img", `{"prompt": "a man", "seed": ${seed}}`);
      expect(response.statusCode).toBe(422);
      expect(response.body).toContain(issue);
      expect(response.body).toContain("seed");
    }
  });

  test("the seed delta is an exact number among the options", async () => {
    expect((await post("options", `{"eta_noise_seed_delta": ${SEED}}`)).statusCode).toBe(200);
    expect((await get("options")).body).toContain(`"eta_noise_seed_delta":${SEED},`);
    expect((await app.server.inject("/api/options")).json().values.eta_noise_seed_delta).toBe(SEED);
    await app.server.inject({
      method: "POST",
      url: "/api/options/reset",
      payload: { names: ["eta_noise_seed_delta"] },
    });
    expect((await get("options")).body).toContain('"eta_noise_seed_delta":0,');
  });
});

describe("Lexeme's own API", () => {
  test.each([SEED, `"${SEED}"`])(
    "takes %s and gives digits: in the job, its pictures and the gallery",
    async (seed) => {
      const created = await app.server.inject({
        method: "POST",
        url: "/api/jobs",
        headers: JSON_TYPE,
        payload: `{"kind": "txt2img", "settings": {"prompt": "a man", "seed": ${seed}, ${TINY}}}`,
      });
      const { id } = created.json<Job>();
      await app.services.jobs.ended(id);
      const job = (await app.server.inject(`/api/jobs/${id}`)).json<Job>();
      expect(job).toMatchObject({ state: "done", request: { settings: { seed: SEED, subseed: "-1" } } });
      const [picture] = job.results.artifacts;
      expect(picture).toMatchObject({ seed: SEED, infotext: expect.stringContaining(`Seed: ${SEED}, `) });
      expect(picture!.path).toContain(SEED);
      app.services.gallery.changed();
      const { images } = (await app.server.inject("/api/images")).json();
      expect(images[0]).toMatchObject({ path: picture!.path, infotext: picture!.infotext });
    },
    60_000,
  );

  test("a plot along seeds draws every seed", async () => {
    const settings = `"prompt": "a man", "xType": "Seed", "xValues": "${SEED}-12345678901234567892", ${TINY}`;
    const created = await post("/api/jobs", `{"kind": "xyz-plot", "settings": {${settings}}}`);
    const { results } = await app.services.jobs.ended(created.json<Job>().id);
    const seeds = results.artifacts.filter(({ kind }) => kind === "image").map(({ seed }) => seed);
    expect(seeds).toEqual([SEED, "12345678901234567891", "12345678901234567892"]);
    const grid = results.artifacts.find(({ kind }) => kind === "grid");
    expect(grid?.infotext).toContain(`Fixed X Values: "${SEED}, 12345678901234567891, 12345678901234567892"`);
  }, 120_000);
});

test("the seed delta of A1111's config.json is read to the last digit", async () => {
  const dataDir = await newDataDir();
  await writeFile(join(dataDir, "config.json"), `{"eta_noise_seed_delta": ${SEED}}`);
  const other = await testApp({ dataDir });
  try {
    expect((await other.server.inject("/api/options")).json().values.eta_noise_seed_delta).toBe(SEED);
  } finally {
    await other.end();
    await rm(dataDir, { recursive: true, force: true });
  }
}, 60_000);
