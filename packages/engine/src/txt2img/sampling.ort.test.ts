/** @file Samplers, seeds and noise through txt2img on the demo checkpoint: batches, variations, guidance, infotext. */
import { SAMPLER_NAMES } from "@lexeme/schedulers/catalogue";
import { SeedSchema, seedText, Txt2imgSettingsSchema } from "@lexeme/domain/settings";
import { parseInfotext, settingsFromInfotext } from "@lexeme/domain/infotext";
import type { Txt2imgSettings } from "@lexeme/domain/settings";
import type { Artifact } from "@lexeme/domain/jobs";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { useDemoEngine } from "../../test/demo-engine.ts";
import { recordingPorts, type RecordingPorts } from "../testing.ts";

const demo = useDemoEngine();

async function draw(some: Partial<Txt2imgSettings>, ports: RecordingPorts = recordingPorts()): Promise<Artifact[]> {
  const settings = { prompt: "a photo of a woman", width: 64, height: 64, steps: 5, cfgScale: 4, seed: 5 };
  const parsed = Txt2imgSettingsSchema.parse({ ...settings, ...some });
  return (await demo.engine.run({ kind: "txt2img", settings: parsed, context: demo.world.context }, ports)).artifacts;
}

async function difference(a: Artifact | undefined, b: Artifact | undefined): Promise<number> {
  const [left, right] = await Promise.all([a, b].map((artifact) => sharp(artifact!.path).raw().toBuffer()));
  return left!.reduce((max, value, i) => Math.max(max, Math.abs(value - right![i]!)), 0);
}

const parametersOf = ({ infotext }: Artifact) => parseInfotext(infotext!).parameters;

describe("sampling on the demo checkpoint", { timeout: 300_000 }, () => {
  test.each(SAMPLER_NAMES)("%s: the second picture of a batch is the one of its seed", async (samplerName) => {
    const ports = recordingPorts();
    const batch = await draw({ samplerName, batchSize: 2 }, ports);
    const [alone] = await draw({ samplerName, seed: "6" });
    // Rounding may change one level of 255.
    expect(await difference(batch[1], alone)).toBeLessThanOrEqual(1);
    expect(await difference(batch[0], alone)).toBeGreaterThan(20);
    expect(parametersOf(alone!).get("Sampler")).toBe(samplerName);
    const { step, steps } = ports.progress.at(-1)!;
    expect(step).toBe(steps);
  });

  test("a picture's infotext alone draws it again, noise, variation and sampling settings included", async () => {
    const asked = {
      samplerName: "DPM++ 2S a",
      scheduler: "Exponential",
      subseed: "77",
      subseedStrength: 0.3,
      seedResizeFromW: 48,
      seedResizeFromH: 72,
      eta: 0.6,
      sNoise: 1.02,
      etaNoiseSeedDelta: "31337",
      sMinUncond: 3,
      sigmaMin: 0.1,
      sigmaMax: 10,
      sgmNoiseMultiplier: true,
      randnSource: "NV",
    } as const;
    const [, second] = await draw({ ...asked, batchSize: 2 });
    const parameters = parametersOf(second!);
    expect(Object.fromEntries(parameters)).toMatchObject({
      Seed: "5",
      "Variation seed": "78",
      "Variation seed strength": "0.3",
      "Seed resize from-1": "48",
      "Seed resize from-2": "72",
      ENSD: "31337",
      RNG: "NV",
      Eta: "0.6",
      "Sigma noise": "1.02",
      NGMS: "3",
      "Schedule min sigma": "0.1",
      "Schedule max sigma": "10",
      "SGM noise multiplier": "True",
    });
    const [again] = await draw(settingsFromInfotext(parseInfotext(second!.infotext!)));
    expect(again!.infotext).toBe(second!.infotext);
    expect(await difference(again, second)).toBeLessThanOrEqual(1);
    const [plain] = await draw({ samplerName: "DPM++ 2S a", scheduler: "Exponential" });
    expect(await difference(plain, second)).toBeGreaterThan(20);
  });

  test.each(["CPU", "NV"] as const)(
    "every digit of a seed counts for %s noise, and is in infotext and file name",
    async (randnSource) => {
      const seeds = ["12345678901234567890", "12345678901234567891"] as const;
      const drawn: Artifact[] = [];
      for (const seed of seeds) drawn.push((await draw({ seed, randnSource, samplerName: "DPM++ SDE" }))[0]!);
      expect(drawn.map(({ seed }) => seed)).toEqual(seeds);
      expect(drawn.map((one) => parametersOf(one).get("Seed"))).toEqual(seeds);
      expect(drawn[0]!.path).toContain(`-${seeds[0]}.png`);
      expect(await difference(drawn[0], drawn[1])).toBeGreaterThan(20);
    },
  );

  test("CPU noise depends on a seed's low 32 bits, NV noise on all 64", async () => {
    const low = seedText(BigInt.asUintN(32, 12345678901234567890n));
    const between = async (randnSource: "CPU" | "NV"): Promise<number> => {
      const same = { randnSource, samplerName: "Euler a" } as const;
      const [wide, narrow] = [
        await draw({ ...same, seed: "12345678901234567890" }),
        await draw({ ...same, seed: low }),
      ];
      return difference(wide[0], narrow[0]);
    };
    expect(await between("CPU")).toBe(0);
    expect(await between("NV")).toBeGreaterThan(20);
  });

  test.each([
    ["18446744073709551614", ["18446744073709551614", "18446744073709551615", "0"]],
    ["-3", ["-3", "-2", "18446744073709551615"]],
  ] as const)("each picture of a batch from %s is drawn again by its own infotext", async (seed, seeds) => {
    for (const variation of [{}, { subseed: seed, subseedStrength: 0.5 }]) {
      const drawn = await draw({ seed, ...variation, nIter: 3, randnSource: "NV", samplerName: "DPM++ SDE" });
      const batch = drawn.filter(({ kind }) => kind === "image");
      const key = "subseed" in variation ? "Variation seed" : "Seed";
      expect(batch.map((one) => parametersOf(one).get(key))).toEqual(seeds);
      for (const one of batch) {
        const read = parseInfotext(one.infotext!);
        const own = SeedSchema.parse(read.parameters.get("Seed"));
        const [again] = await draw({ ...settingsFromInfotext(read), seed: own });
        expect(again!.infotext).toBe(one.infotext);
        expect(await difference(again, one)).toBe(0);
      }
    }
  });

  test("each setting changes the picture and is in its infotext if the sampler reads it, and neither for other samplers", async () => {
    const [eulerA, dpm] = [(await draw({ samplerName: "Euler a" }))[0], (await draw({ samplerName: "DPM++ 2M" }))[0]];
    const cases = [
      [{ eta: 0.5 }, "Eta", false],
      [{ etaNoiseSeedDelta: "9" }, "ENSD", false],
      [{ randnSource: "NV" }, "RNG", true],
      [{ subseed: "1", subseedStrength: 0.5 }, "Variation seed", true],
      [{ seedResizeFromW: 32, seedResizeFromH: 32 }, "Seed resize from-1", true],
      [{ sMinUncond: 15 }, "NGMS", true],
    ] as const;
    const without = (artifact: Artifact | undefined, key: string) =>
      [undefined, "CPU"].includes(parametersOf(artifact!).get(key));
    for (const [settings, key, isForAll] of cases) {
      const [noisy] = await draw({ samplerName: "Euler a", ...settings });
      expect([key, without(noisy, key), (await difference(noisy, eulerA)) > 0]).toEqual([key, false, true]);
      const [still] = await draw({ samplerName: "DPM++ 2M", ...settings });
      expect([key, without(still, key), (await difference(still, dpm)) > 0]).toEqual([key, !isForAll, isForAll]);
    }
  });

  test("limits are in the infotext if the schedule has them: not for samplers on timesteps, nor if A1111 names no schedule", async () => {
    const limits = { sigmaMin: 0.2, sigmaMax: 9, rho: 5 } as const;
    const [karras] = await draw({ samplerName: "DPM++ 2M", ...limits });
    expect(karras!.infotext).toContain("Schedule min sigma: 0.2, Schedule max sigma: 9, Schedule rho: 5, Version");
    expect(await difference(karras, (await draw({ samplerName: "DPM++ 2M" }))[0])).toBeGreaterThan(0);
    for (const samplerName of ["Euler", "DDIM"] as const) {
      const [limited] = await draw({ samplerName, ...limits });
      expect(limited!.infotext).not.toContain("Schedule min sigma");
      expect(await difference(limited, (await draw({ samplerName }))[0])).toBe(0);
    }
  });

  test("Euler reads churn, and DDIM's eta has its own key", async () => {
    const [churned] = await draw({ samplerName: "Euler", sChurn: 5, sTmin: 0.1, sTmax: 10 });
    const [plain] = await draw({ samplerName: "Euler" });
    expect(await difference(churned, plain)).toBeGreaterThan(0);
    expect(churned!.infotext).toContain("Sigma churn: 5, Sigma tmin: 0.1, Sigma tmax: 10, Version");
    const [ddim] = await draw({ samplerName: "DDIM", eta: 1 });
    expect(ddim!.infotext).toContain("Eta DDIM: 1");
    expect((await draw({ samplerName: "Euler a", eta: 1 }))[0]!.infotext).not.toContain("Eta");
  });

  test("CFG++ differs from DDIM, and needs the negative prompt at any scale", async () => {
    const [plus, plain] = [(await draw({ samplerName: "DDIM CFG++" }))[0], (await draw({ samplerName: "DDIM" }))[0]];
    expect(await difference(plus, plain)).toBeGreaterThan(5);
    const [one, negated] = [
      (await draw({ samplerName: "DDIM CFG++", cfgScale: 1 }))[0],
      (await draw({ samplerName: "DDIM CFG++", cfgScale: 1, negativePrompt: "a woman" }))[0],
    ];
    expect(await difference(one, negated)).toBeGreaterThan(0);
  });
});
