import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { add, encodeModel, fusedMatMul, Graph, mul, reduceSum } from "@lexeme/onnx";
import { afterAll, describe, expect, test } from "vitest";
import { float32Data, float32Tensor, int64Tensor, listDevices, liveSessionCount, openSession } from "./index.ts";

const root = mkdtempSync(join(tmpdir(), "lexeme-session-"));
afterAll(() => rmSync(root, { recursive: true }));

/** A file of one odd byte and 12 numbers 0, 1, ..., 11 in the given encoding. */
function weightFile(path: string, dtype: "float32" | "float16" | "bfloat16" = "float32"): string {
  mkdirSync(join(root, path, ".."), { recursive: true });
  const file = join(root, path);
  const singles = Float32Array.from({ length: 12 }, (_, i) => i);
  const bits = new Uint32Array(singles.buffer);
  // Whole numbers below 12 are exact in both 16-bit formats.
  const half = (b: number) =>
    b === 0 ? 0 : ((b >>> 16) & 0x8000) | ((((b >>> 23) & 0xff) - 112) << 10) | ((b >>> 13) & 0x3ff);
  const encoded = {
    float32: singles,
    float16: Uint16Array.from(bits, half),
    bfloat16: Uint16Array.from(bits, (b) => b >>> 16),
  }[dtype];
  writeFileSync(file, Buffer.concat([Buffer.of(255), new Uint8Array(encoded.buffer)]));
  return file;
}

function linear(file: string, dtype: "float32" | "float16" | "bfloat16" = "float32"): Graph {
  const graph = new Graph();
  const x = graph.input("x", "float32", [1, 4]);
  const length = dtype === "float32" ? 48 : 24;
  const weight = graph.weight("w", { dtype, shape: [3, 4] }, { file, offset: 1, length });
  graph.output("y", fusedMatMul(x, weight, { transB: true }));
  return graph;
}

const ONES = { x: float32Tensor([1, 4], [1, 1, 1, 1]) };

async function runLinear(graph: Graph): Promise<number[]> {
  await using session = await openSession(graph, { purpose: "training" });
  return [...float32Data((await session.run(ONES))["y"]!)];
}

describe("weights stay in their files", () => {
  test.each(["float32", "float16", "bfloat16"] as const)("%s at an odd offset", async (dtype) => {
    expect(await runLinear(linear(weightFile(`${dtype}.bin`, dtype), dtype))).toEqual([6, 22, 38]);
  });

  test("several files under one root, and a file reached through a link into another folder", async () => {
    const [first, second] = [weightFile("unet/a.bin"), weightFile("vae/deep/b.bin")];
    symlinkSync(second, join(root, "unet", "link.bin"));
    const graph = new Graph();
    const x = graph.input("x", "float32", [4]);
    const type = { dtype: "float32", shape: [4] } as const;
    const a = graph.weight("a", type, { file: first, offset: 5, length: 16 });
    const b = graph.weight("b", type, { file: join(root, "unet", "link.bin"), offset: 1, length: 16 });
    graph.output("y", add(mul(x, a), b));
    await using session = await openSession(graph, { purpose: "inference" });
    const { y } = await session.run({ x: float32Tensor([4], [1, 1, 1, 1]) });
    expect([...float32Data(y!)]).toEqual([1, 3, 5, 7]);
  });

  test("opening a session with a large float32 weight takes no memory when mapped, and the weight's size when packed", async () => {
    const side = 4096;
    const length = 4 * side * side;
    const file = join(root, "large.bin");
    writeFileSync(file, "");
    truncateSync(file, length);
    const graph = new Graph();
    const weight = graph.weight("w", { dtype: "float32", shape: [side, side] }, { file, offset: 0, length });
    graph.output("y", fusedMatMul(graph.input("x", "float32", [2, side]), weight, { transB: true }));
    const cost = async (weights: "mapped" | "packed") => {
      const before = process.memoryUsage.rss();
      await using session = await openSession(graph, { purpose: "inference", weights });
      expect(session.outputNames).toEqual(["y"]);
      return process.memoryUsage.rss() - before;
    };
    expect(await cost("mapped")).toBeLessThan(length / 4);
    expect(await cost("packed")).toBeGreaterThan(length / 2);
  });

  test("a missing file is named", async () => {
    await expect(openSession(linear(join(root, "gone.safetensors")), { purpose: "training" })).rejects.toMatchObject({
      code: "WEIGHTS_NOT_FOUND",
      kind: "missing",
      message: expect.stringContaining("gone.safetensors"),
    });
  });

  test("a file that is cut off is refused before it is mapped", async () => {
    const file = weightFile("cut.bin");
    truncateSync(file, 40);
    await expect(openSession(linear(file), { purpose: "training" })).rejects.toMatchObject({
      code: "WEIGHTS_TRUNCATED",
      kind: "input",
      message: expect.stringContaining("it has 40 bytes, its tensors need 49"),
    });
  });

  test("a model given as bytes finds its weights in the folder, or the error says that they are missing", async () => {
    const file = weightFile("model/w.bin");
    const open = (location: string) =>
      openSession(encodeModel(linear(file), { location: () => location }), {
        purpose: "training",
        folder: join(root, "model"),
      });
    await using session = await open("w.bin");
    expect([...float32Data((await session.run(ONES))["y"]!)]).toEqual([6, 22, 38]);
    await expect(open("x.bin")).rejects.toMatchObject({ code: "WEIGHTS_NOT_FOUND" });
    truncateSync(weightFile("model/short.bin"), 40);
    await expect(open("short.bin")).rejects.toMatchObject({ code: "WEIGHTS_TRUNCATED" });
  });
});

describe("outputs", () => {
  test("one value under two names, an input and a constant are all published", async () => {
    const graph = new Graph();
    const x = graph.input("x", "float32", [2]);
    const sum = reduceSum(x);
    graph.output("a", sum);
    graph.output("b", sum);
    graph.output("same", x);
    graph.output("two", graph.constant([2]));
    await using session = await openSession(graph, { purpose: "inference" });
    const results = await session.run({ x: float32Tensor([2], [3, 4]) });
    expect(Object.entries(results).map(([name, tensor]) => [name, ...float32Data(tensor)])).toEqual([
      ["a", 7],
      ["b", 7],
      ["same", 3, 4],
      ["two", 2],
    ]);
    expect(Object.keys(await session.run({ x: float32Tensor([2], [3, 4]) }, ["b"]))).toEqual(["b"]);
  });

  test("equal feeds give equal bits, run after run and session after session", async () => {
    const file = weightFile("bits.bin");
    expect(await runLinear(linear(file))).toEqual(await runLinear(linear(file)));
  });
});

describe("feeds are checked against the graph", () => {
  const graph = new Graph();
  graph.output("y", mul(graph.input("x", "float32", [2]), 2));
  test.each([
    [{}, 'feed "x" is missing'],
    [{ x: float32Tensor([1], [1]) }, 'feed "x" must be float32[2], got float32[1]'],
    [{ x: int64Tensor([2], [1, 2]) }, 'feed "x" must be float32[2], got int64[2]'],
    [{ x: float32Tensor([2], [1, 2]), z: float32Tensor([1], [1]) }, 'the graph has no input "z"'],
  ])("%#", async (feeds, message) => {
    await using session = await openSession(graph, { purpose: "inference" });
    await expect(session.run(feeds)).rejects.toThrow(message);
  });
});

describe("sessions end", () => {
  test("disposing lowers the count of sessions, is harmless twice, and forbids runs", async () => {
    const graph = linear(weightFile("end.bin"));
    const before = liveSessionCount();
    const session = await openSession(graph, { purpose: "training" });
    expect(liveSessionCount()).toBe(before + 1);
    await session.dispose();
    await session.dispose();
    expect(liveSessionCount()).toBe(before);
    await expect(session.run(ONES)).rejects.toThrow("the session is disposed of");
  });

  test("after a hundred sessions, including failed ones, no session stays open", async () => {
    for (let i = 0; i < 100; i++) {
      await runLinear(linear(weightFile("many.bin")));
      await expect(openSession(linear(join(root, "gone")), { purpose: "training" })).rejects.toThrow(
        "Cannot open weights",
      );
    }
    expect(liveSessionCount()).toBe(0);
  });
});

describe("devices", () => {
  test("the CPU is always available, and every device that is not available has a reason", async () => {
    const devices = await listDevices();
    expect(devices.map((device) => device.name)).toEqual(["cpu", "webgpu", "cuda", "dml", "coreml"]);
    expect(devices[0]).toEqual({ name: "cpu", available: true });
    for (const device of devices) if (!device.available) expect(device.reason?.length).toBeGreaterThan(0);
  });

  test("a device that does not work here is refused with its reason, never replaced by the CPU", async () => {
    const absent = (await listDevices()).find((device) => !device.available)!;
    const graph = linear(weightFile("device.bin"));
    await expect(openSession(graph, { purpose: "inference", device: absent.name })).rejects.toMatchObject({
      code: "DEVICE_UNAVAILABLE",
      kind: "environment",
      message: expect.stringContaining(`Cannot use device "${absent.name}": `),
    });
  });
});
