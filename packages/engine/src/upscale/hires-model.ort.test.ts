/** @file Hires fix with a user's upscaler model, through the whole engine on the demo checkpoint. */
import { Txt2imgSettingsSchema } from "@lexeme/domain/settings";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { expect, test } from "vitest";
import { openDemoWorld } from "../../test/demo-world.ts";
import { openEngine } from "../engine.ts";
import { recordingPorts } from "../testing.ts";

const MODEL = fileURLToPath(new URL("../../../networks/fixtures/upscalers/real-x4.pth", import.meta.url));

test("a picture is enlarged by the model between the passes, and its infotext names it", async () => {
  await using world = await openDemoWorld();
  const engine = await openEngine({ lane: "device", device: "cpu", threads: 2, selfTestCheckpoint: "" });
  const draw = async (hrUpscaler: string) => {
    const settings = { enableHr: true, width: 64, height: 64, steps: 3, denoisingStrength: 0, seed: 5, hrUpscaler };
    const context = { ...world.context, upscaler: { name: "4x-mine", path: MODEL } };
    const parsed = Txt2imgSettingsSchema.parse({ prompt: "a photo of a woman", ...settings });
    const [picture] = (await engine.run({ kind: "txt2img", settings: parsed, context }, recordingPorts())).artifacts;
    return picture!;
  };
  const [mine, lanczos] = [await draw("4x-mine"), await draw("Lanczos")];
  expect(mine).toMatchObject({ width: 128, height: 128 });
  expect(mine.infotext).toContain("Hires upscaler: 4x-mine");
  const [a, b] = await Promise.all([mine, lanczos].map(({ path }) => sharp(path).raw().toBuffer()));
  expect(a!.some((value, i) => Math.abs(value - b![i]!) > 20)).toBe(true);
  await engine.dispose();
}, 60_000);
