/** @file The engine and the demo world, open while a file's tests run. */
import { afterAll, beforeAll } from "vitest";
import { openEngine, type Engine } from "../src/engine.ts";
import { openDemoWorld, type DemoWorld } from "./demo-world.ts";

export interface DemoEngine {
  readonly world: DemoWorld;
  readonly engine: Engine;
}

/** Call this where a file's tests are declared; both values are available after the first `beforeAll`. */
export function useDemoEngine(): DemoEngine {
  let open: DemoEngine | undefined;
  beforeAll(async () => {
    const world = await openDemoWorld();
    open = { world, engine: await openEngine({ lane: "device", device: "cpu", threads: 2, selfTestCheckpoint: "" }) };
  });
  afterAll(async () => {
    await open?.engine.dispose();
    await open?.world[Symbol.asyncDispose]();
  });
  const present = (): DemoEngine => {
    if (open === undefined) throw new TypeError("the demo world is not open yet");
    return open;
  };
  return {
    get world() {
      return present().world;
    },
    get engine() {
      return present().engine;
    },
  };
}
