/** @file Runs the program of `npm run doctor` on the demo checkpoint and the CPU. */
import { execFile } from "node:child_process";
import { homedir, hostname } from "node:os";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const DOCTOR = fileURLToPath(new URL("../doctor/main.ts", import.meta.url));
const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** It takes about 20 s on two idle cores. */
const TIME_LIMIT_MS = 300_000;

interface Answer {
  readonly code: number;
  readonly text: string;
  readonly errors: string;
}

function askDoctor(...args: string[]): Promise<Answer> {
  return new Promise((resolve) => {
    execFile(process.execPath, ["--import", "tsx", DOCTOR, ...args], { cwd: ROOT }, (error, text, errors) => {
      resolve({ code: error === null ? 0 : Number(error.code), text, errors });
    });
  });
}

test(
  "the doctor prints the CPU's results, speed and memory, and the reason why another device is unavailable",
  async () => {
    const absent = process.platform === "darwin" ? "dml" : "coreml";
    const { code, text, errors } = await askDoctor("--small", "--device", absent, "--threads", "2");
    expect(errors).toContain("checking cpu");
    expect(code).toBe(0);
    expect(text).toMatch(/^Program: Lexeme .*, ONNX Runtime \d+\.\d+\.\d+, Node v\d+/m);
    expect(text).toMatch(/^\| cpu +\| works +(\| same +){6}\| \d+\.\d/m);
    expect(text).toMatch(new RegExp(`^\\| ${absent} +\\| unavailable `, "m"));
    expect(text).toMatch(new RegExp(`^${absent}: .+\\n- missing: .+`, "m"));
    for (const title of ["training step, 128 x 128", "UNet, one call, 128 x 128", "VAE decode, 128 x 128"]) {
      expect(text).toMatch(new RegExp(`^\\| cpu +\\| ${title} +(\\| \\d+\\.\\d+ +){4}\\|`, "m"));
    }
    expect(text).toMatch(/^\| cpu +\| picture of 20 steps, 128 x 128 +(\| \d+\.\d+ +){4}\|/m);
    for (const place of [ROOT, homedir(), hostname()]) expect(text).not.toContain(place);
  },
  TIME_LIMIT_MS,
);

test("an unknown device gives a sentence and exit code 2", async () => {
  expect(await askDoctor("--device", "abacus")).toMatchObject({
    code: 2,
    text: "",
    errors: 'There is no device "abacus": choose one of cpu, webgpu, cuda, dml, coreml\n',
  });
});
