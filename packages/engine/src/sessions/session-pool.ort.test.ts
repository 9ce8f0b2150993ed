import { Graph, neg } from "@lexeme/onnx";
import { BASE_BYTES, keptBytes } from "@lexeme/domain/memory";
import { expect, test } from "vitest";
import { SessionPool, type SessionRequest } from "./session-pool.ts";

/** The usable bytes that leave this many bytes for sessions; the sizes here are not of real networks. */
const usableFor = (bytes: number): number => ((BASE_BYTES + bytes) / keptBytes(1)) * (1 + 1e-9);

/** A graph of one node that declares `memoryBytes`. */
function request(key: string, memoryBytes: number): SessionRequest {
  return {
    key,
    memory: { peak: memoryBytes, kept: memoryBytes },
    purpose: "inference",
    build() {
      const graph = new Graph();
      graph.output("y", neg(graph.input("x", "float32", [1])));
      return graph;
    },
  };
}

test("the least recently used sessions close, the sessions to keep never do", async () => {
  const { liveSessionCount } = await import("@lexeme/runtime");
  const before = liveSessionCount();
  const pool = new SessionPool({ device: "cpu" }, usableFor(100));
  const a = await pool.get(request("a", 40));
  await pool.get(request("b", 40));
  expect(await pool.get(request("a", 40))).toBe(a);
  await pool.get(request("c", 40));
  expect(pool.openKeys).toEqual(["a", "c"]);
  await pool.get(request("d", 80), ["a"]);
  expect(pool.openKeys).toEqual(["a", "d"]);
  // A session larger than all available memory is opened alone.
  await pool.get(request("e", 500));
  expect(pool.openKeys).toEqual(["e"]);
  for (let i = 0; i < 20; i++) await pool.get(request(`small ${i}`, 1));
  expect(pool.openKeys).toHaveLength(8);
  await pool.dispose();
  expect(liveSessionCount()).toBe(before);
});
