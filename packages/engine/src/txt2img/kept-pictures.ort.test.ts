import type { Artifact } from "@lexeme/domain/jobs";
import { Txt2imgSettingsSchema } from "@lexeme/domain/settings";
import { readdir, rm } from "node:fs/promises";
import { dirname } from "node:path";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { useDemoEngine } from "../../test/demo-engine.ts";
import { recordingPorts } from "../testing.ts";

const demo = useDemoEngine();

/** Draws three batches of two pictures, after the pictures that an earlier attempt drew. */
async function draw(some: object, drawn: readonly Artifact[] = []) {
  const settings = { prompt: "a photo", width: 64, height: 64, steps: 2, seed: -1, batchSize: 2, nIter: 3 };
  const { context } = demo.world;
  const work = {
    kind: "txt2img" as const,
    settings: Txt2imgSettingsSchema.parse({ ...settings, ...some }),
    context: { ...context, drawn },
  };
  const { artifacts, summary } = await demo.engine.run(work, recordingPorts());
  return { images: artifacts.filter(({ kind }) => kind === "image"), grid: artifacts.at(-1)!, summary };
}

async function pixels(path: string): Promise<Buffer> {
  return sharp(path).raw().toBuffer();
}

describe("an interrupted batch goes on", { timeout: 300_000 }, () => {
  test.each([{}, { subseed: -1, subseedStrength: 0.4 }])(
    "no picture is saved twice, random seeds stay, and the grid is the same, with %o",
    async (some) => {
      const whole = await draw(some);
      expect(whole.images.map(({ place }) => place)).toEqual([0, 1, 2, 3, 4, 5]);
      const folder = dirname(whole.images[0]!.path);
      const files = (await readdir(folder)).length;

      // The third picture is alone in its batch.
      const rest = await draw(some, whole.images.slice(0, 3));
      expect(rest.images.map(({ place, seed, infotext }) => ({ place, seed, infotext }))).toEqual(
        whole.images.slice(3).map(({ place, seed, infotext }) => ({ place, seed, infotext })),
      );
      expect(await readdir(folder)).toHaveLength(files + 3);
      expect(rest.summary).toBe("6 pictures drawn");
      expect(rest.grid).toMatchObject({ kind: "grid", infotext: whole.grid.infotext });
      expect((await pixels(rest.grid.path)).equals(await pixels(whole.grid.path))).toBe(true);

      // Only the grid was missing, and then also a picture that somebody deleted.
      const gridOnly = await draw(some, whole.images);
      expect([gridOnly.images.length, gridOnly.grid.kind]).toEqual([0, "grid"]);
      await rm(whole.images[4]!.path);
      const again = await draw(some, whole.images);
      expect(again.images).toMatchObject([{ place: 4, seed: whole.images[4]!.seed }]);
    },
  );
});
