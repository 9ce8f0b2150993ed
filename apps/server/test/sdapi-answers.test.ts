/** @file A1111's API to the letter: the `info` of an answer, lists, progress, bodies that are refused, and values beyond the page's sliders. The worker is scripted. */
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DEMO_PHOTOS_DIR } from "@lexeme/demo";
import { testJob } from "@lexeme/protocol/testing";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { textOf } from "../src/sdapi/progress/progress.ts";
import { sdapiClient } from "./sdapi-client.ts";
import { testApp, type TestApp } from "./test-app.ts";

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
  await app.services.jobs.ready;
}, 120_000);
afterAll(() => app.end(), 60_000);
const { get, infoOf, post, settingsOf } = sdapiClient(() => app);

describe("info", () => {
  test("denoising_strength is given without hires fix too: A1111's default, or the request's", async () => {
    expect(await infoOf({})).toMatchObject({ denoising_strength: 0.75 });
    expect(await infoOf({ denoising_strength: 0.3 })).toMatchObject({ denoising_strength: 0.3 });
  });

  test("prompts are kept to the letter: blanks at the ends, around comments and line breaks", async () => {
    const body = { send_images: false, prompt: "many  cat \n# a note\n dog # here\n ", negative_prompt: "  blurry " };
    const info = await infoOf(body);
    const shown = "many  cat \n dog \n ";
    expect(info).toMatchObject({ prompt: shown, negative_prompt: "  blurry " });
    expect(new Set(info["all_prompts"] as string[])).toEqual(new Set([shown]));
    expect(new Set(info["all_negative_prompts"] as string[])).toEqual(new Set(["  blurry "]));
    expect((info["all_prompts"] as string[]).length).toBe((info["all_seeds"] as number[]).length);
  });

  test("an upscaler that the request does not name stays unnamed, and the first latent upscaler draws", async () => {
    expect((await settingsOf({ enable_hr: true })).hrUpscaler).toBe("");
    expect((await settingsOf({ enable_hr: true, hr_upscaler: "Latent" })).hrUpscaler).toBe("Latent");
  });
});

describe("values beyond the page's sliders", () => {
  test("are a program's to choose, within memory", async () => {
    const body = { steps: 400, cfg_scale: 0.5, width: 32, height: 2560, enable_hr: true, hr_second_pass_steps: 200 };
    expect(await settingsOf({ ...body, hr_scale: 5 })).toMatchObject({
      steps: 400,
      cfgScale: 0.5,
      width: 32,
      height: 2560,
      hrSecondPassSteps: 200,
      hrScale: 5,
    });
    const huge = await post("txt2img", { prompt: "done", width: 16_000, height: 16_000 });
    expect(huge.statusCode).toBe(422);
    expect(huge.json()).toMatchObject({ errors: expect.stringContaining("GB of memory") });
    expect((await post("txt2img", { prompt: "done", steps: 100_000 })).statusCode).toBe(422);
  });
});

describe("a body", () => {
  test.each(["txt2img", "png-info", "options", "train/embedding"])("that is null is a 422 of %s", async (path) => {
    expect((await post(path, "null")).statusCode).toBe(422);
  });

  test.each([
    ["nothing", ""],
    ["blanks", "  "],
    ["a data URI without data", "data:image/png;base64,"],
    ["a torn PNG", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]).toString("base64")],
    ["a torn JPEG", Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]).toString("base64")],
    ["a torn WebP", Buffer.from("RIFF\x10\0\0\0WEBPVP8 ").toString("base64")],
    ["a torn GIF", Buffer.from("GIF89a").toString("base64")],
    ["padding alone", "===="],
  ])("of png-info with %s is a 422", async (_what, image) => {
    const answer = await post("png-info", { image });
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({ error: "NOT_A_PICTURE", detail: expect.any(String) });
  });

  test("of png-info with a picture whose chunks are damaged is answered, or refused with a 4xx", async () => {
    const png = await sharp({ create: { width: 16, height: 16, channels: 3, background: "#fff" } })
      .png()
      .toBuffer();
    for (let at = 8; at < png.length; at++) {
      const damaged = Buffer.from(png);
      damaged[at] = damaged[at]! ^ 0xff;
      const { statusCode } = await post("png-info", { image: damaged.toString("base64") });
      expect([200, 422]).toContain(statusCode);
    }
  });
});

describe("embeddings", () => {
  test("a file without steps has step null, SDXL's size is told, and a broken file is not listed", async () => {
    const { embeddings } = app.services.folders;
    await mkdir(embeddings, { recursive: true });
    const fixtures = join(import.meta.dirname, "../../../packages/formats/src/fixtures");
    await copyFile(join(fixtures, "emb_params.safetensors"), join(embeddings, "plain.safetensors"));
    await copyFile(join(fixtures, "sdxl.safetensors"), join(embeddings, "large.safetensors"));
    await writeFile(join(embeddings, "broken.pt"), "nothing of the kind");
    await post("refresh-embeddings");
    const { loaded, skipped } = (await get("embeddings")).json();
    expect({ ...loaded, ...skipped }).toMatchObject({ plain: { step: null, vectors: 3, shape: 8 } });
    expect(skipped["large"]).toMatchObject({ step: null, vectors: 3, shape: 16 });
    expect(Object.keys({ ...loaded, ...skipped })).not.toContain("broken");
  });
});

describe("options without effect", () => {
  test("have A1111's defaults, can be set and read back, and reset; a value of another kind is refused by name", async () => {
    expect((await get("options")).json()).toMatchObject({
      send_seed: true,
      uni_pc_order: 3,
      upscaler_for_img2img: null,
    });
    expect((await post("options", { send_seed: false, hidden_tabs: ["Train"] })).json()).toBeNull();
    expect((await get("options")).json()).toMatchObject({ send_seed: false, hidden_tabs: ["Train"], tiling: false });
    const state = async () => (await app.server.inject("/api/options")).json();
    expect((await state()).withoutEffect).toEqual({ send_seed: false, hidden_tabs: ["Train"] });
    const wrong = await post("options", { uni_pc_order: "three", CLIP_stop_at_last_layers: 3 });
    expect(wrong.statusCode).toBe(400);
    expect(wrong.json().detail).toContain("uni_pc_order must be a number");
    expect((await get("options")).json()).toMatchObject({ uni_pc_order: 3, CLIP_stop_at_last_layers: 1 });
    expect((await post("options", (await get("options")).json())).statusCode).toBe(200);
    await post("options", { send_seed: true });
    expect((await state()).withoutEffect).toEqual({ hidden_tabs: ["Train"] });
    await app.server.inject({ method: "POST", url: "/api/options/reset", payload: { names: ["hidden_tabs"] } });
    expect((await state()).withoutEffect).toEqual({});
  });

  test("as an override it is named in a warning", async () => {
    expect((await infoOf({ override_settings: { token_merging_ratio: 0.5 } })).warnings).toEqual([
      'override_settings: the option "token_merging_ratio" has no effect here',
    ]);
  });

  test("tiling is an option and a field of the request", async () => {
    expect((await settingsOf({ tiling: true })).tiling).toBe(true);
    expect((await settingsOf({ override_settings: { tiling: true } })).tiling).toBe(true);
    const info = await infoOf({ override_settings: { always_discard_next_to_last_sigma: true, beta_dist_alpha: 0.5 } });
    expect(info.warnings).toEqual([]);
  });
});

test("a training's textinfo has A1111's figures and files, as HTML", () => {
  const job = testJob(
    { kind: "train-embedding", settings: { embeddingName: "mira", dataRoot: "/pictures" } },
    {
      state: "running",
      progress: {
        phase: "training",
        step: 40,
        steps: 100,
        secondsPerStep: 1,
        etaSeconds: 60,
        loss: 0.123_456_789,
        prompt: "a <photo> of mira",
      },
    },
  );
  expect(textOf(job)).toBe(
    "\n<p>\nLoss: 0.1234568<br/>\nStep: 40<br/>\nLast prompt: a &lt;photo&gt; of mira<br/>\nLast saved embedding: &lt;none&gt;<br/>\nLast saved image: &lt;none&gt;<br/>\n</p>\n",
  );
  const artifacts = [
    { kind: "copy", path: "/runs/mira-20.pt" },
    { kind: "preview", path: "/runs/mira-20.png", infotext: "a photo\nSteps: 20, Seed: 1, Size: 64x64" },
  ] as const;
  expect(textOf({ ...job, results: { artifacts: [...artifacts], warnings: [] } })).toContain(
    "Last saved embedding: /runs/mira-20.pt<br/>\nLast saved image: /runs/mira-20.png, prompt: a photo<br/>",
  );
});

test("a schedule's remarks are in the answer of train", async () => {
  await post("create/embedding", { name: "mira", init_text: "woman", num_vectors_per_token: 1, overwrite_old: true });
  const answer = await post("train/embedding", {
    embedding_name: "mira",
    learn_rate: "0,005",
    steps: 10,
    data_root: DEMO_PHOTOS_DIR,
    template_filename: "subject.txt",
    preview_from_txt2img: true,
    preview_prompt: "done",
  });
  expect(answer.json()).toMatchObject({
    info: expect.stringContaining("train embedding complete"),
    warnings: [
      expect.stringMatching(/^learn_rate: "0" learns nothing/u),
      expect.stringMatching(/^learn_rate: "005" has no effect/u),
    ],
  });
});
