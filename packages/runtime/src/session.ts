/** @file Sessions: a session runs a graph on a device. All use of ONNX Runtime goes through sessions. */

import { realpathSync } from "node:fs";
import { LexemeError } from "@lexeme/core";
import { encodeModel, Graph, prune, withStandardOps, type ByteRange } from "@lexeme/onnx";
import { InferenceSession, type Tensor } from "./ort.ts";
import { deviceUnavailable, type DeviceName } from "./device.ts";
import type { HostTensor } from "./host-tensor.ts";
import { fromOrtTensor, toOrtTensor } from "./ort-tensor.ts";
import { ortOptions, type SessionOptions } from "./session-options.ts";
import { locateWeightFiles } from "./weight-files.ts";

/**
 * Opening and `run` block the calling thread, and a run cannot be stopped from that thread. A program that must answer
 * requests meanwhile, or cancel, needs the session in another process. The caller who opens a session must dispose of it; the
 * session holds its memory until then.
 */
export interface Session extends AsyncDisposable {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /**
   * Feeds are read without a copy, results are new copies. `fetches` selects outputs, by default all.
   * Throws LexemeError OUT_OF_MEMORY, or COMPUTATION_FAILED with ONNX Runtime's reason. Throws TypeError if a feed is missing, unknown, or
   * has another dtype or shape than the graph's input.
   */
  run(feeds: Readonly<Record<string, HostTensor>>, fetches?: readonly string[]): Promise<Record<string, HostTensor>>;
  /** Frees the memory; further runs throw. Disposing twice is harmless. */
  dispose(): Promise<void>;
}

const live = new Set<Session>();

/** The number of sessions that are open, so that a test can prove that no session leaks. */
export function liveSessionCount(): number {
  return live.size;
}

/**
 * Opens a session for a graph, whose weights are mapped from their files, or for the bytes of a model.
 * Throws LexemeError if the device does not work here (DEVICE_UNAVAILABLE), a weight file is missing (WEIGHTS_NOT_FOUND) or
 * cut off (WEIGHTS_TRUNCATED), or memory runs out (OUT_OF_MEMORY).
 */
export async function openSession(model: Graph | Uint8Array, options: SessionOptions): Promise<Session> {
  const { bytes, folder } =
    model instanceof Graph ? encodeForSession(model, options) : { bytes: model, folder: options.folder };
  const realFolder = folder === undefined ? undefined : realpathSync(folder);
  try {
    const session = new OrtSession(await InferenceSession.create(bytes, ortOptions(options, realFolder)));
    live.add(session);
    return session;
  } catch (error) {
    throw explainOpening(error, options);
  }
}

class OrtSession implements Session {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  readonly #session: InferenceSession;
  #disposed = false;

  constructor(session: InferenceSession) {
    this.#session = session;
    this.inputNames = session.inputNames;
    this.outputNames = session.outputNames;
  }

  async run(feeds: Readonly<Record<string, HostTensor>>, fetches: readonly string[] = this.outputNames) {
    if (this.#disposed) throw new TypeError("the session is disposed of");
    this.#expectFeeds(feeds);
    const tensors = Object.fromEntries(Object.entries(feeds).map(([name, tensor]) => [name, toOrtTensor(tensor)]));
    let results: Record<string, Tensor>;
    try {
      results = await this.#session.run(tensors, [...fetches]);
    } catch (error) {
      throw explainMemory(error) ?? computationFailed(error);
    }
    return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, fromOrtTensor(tensor)]));
  }

  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    live.delete(this);
    await this.#session.release();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }

  #expectFeeds(feeds: Readonly<Record<string, HostTensor>>): void {
    for (const metadata of this.#session.inputMetadata) {
      if (!metadata.isTensor) continue;
      const feed = feeds[metadata.name];
      if (feed === undefined) throw new TypeError(`feed "${metadata.name}" is missing`);
      const expected = `${metadata.type}[${metadata.shape.join(",")}]`;
      const given = `${feed.dtype}[${feed.shape.join(",")}]`;
      if (given !== expected) throw new TypeError(`feed "${metadata.name}" must be ${expected}, got ${given}`);
    }
    const unknown = Object.keys(feeds).find((name) => !this.inputNames.includes(name));
    if (unknown !== undefined) throw new TypeError(`the graph has no input "${unknown}"`);
  }
}

/** These providers have no kernel for com.microsoft's FusedMatMul, and WebGPU's MultiHeadAttention has given wrong numbers. */
const WITHOUT_FUSED_PRODUCTS: readonly DeviceName[] = ["webgpu", "coreml"];

function encodeForSession(model: Graph, { device = "cpu" }: SessionOptions) {
  const graph = WITHOUT_FUSED_PRODUCTS.includes(device) ? withStandardOps(model) : model;
  const ranges: ByteRange[] = prune(graph).weights.flatMap(({ source }) =>
    source.kind === "external" ? [source.bytes] : [],
  );
  const { folder, location } = locateWeightFiles(ranges);
  // "reversed" runs nodes just before their results are needed, so that recomputed and widened tensors do not accumulate.
  return { bytes: encodeModel(graph, { location, order: "reversed" }), folder };
}

function explainOpening(error: unknown, { device = "cpu" }: SessionOptions): unknown {
  const outOfMemory = explainMemory(error);
  if (outOfMemory !== undefined) return outOfMemory;
  const message = error instanceof Error ? error.message : String(error);
  if (
    /external|initializer/i.test(message) &&
    /does not exist|cannot open|No such file|GetFileLength|open file/i.test(message)
  ) {
    return new LexemeError(
      "WEIGHTS_NOT_FOUND",
      "Cannot open weights: a file that the model names is missing; check the checkpoint's path",
      { cause: error },
    );
  }
  if (/out of bounds|beyond the end|exceeds? (the )?file|file size/i.test(message)) {
    return new LexemeError(
      "WEIGHTS_TRUNCATED",
      "Cannot open weights: the file ends before its tensors do; copy or download it again",
      { cause: error },
    );
  }
  return device === "cpu" ? error : deviceUnavailable(device, error);
}

function computationFailed(error: unknown): LexemeError {
  const why = error instanceof Error ? error.message : String(error);
  return new LexemeError("COMPUTATION_FAILED", `The device could not compute a result: ${why}`, { cause: error });
}

function explainMemory(error: unknown): LexemeError | undefined {
  const message = error instanceof Error ? error.message : String(error);
  if (!/bad_alloc|failed to allocate|out of memory|BFCArena/i.test(message)) return undefined;
  return new LexemeError(
    "OUT_OF_MEMORY",
    "Memory ran out; lower the picture size or the batch size, or close other programs",
    { cause: error },
  );
}
