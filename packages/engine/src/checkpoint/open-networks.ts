/** @file What a network runs with: the checkpoint that it is in, and the pool that opens its sessions. */
import type { Session } from "@lexeme/runtime";
import type { GraphOptions } from "../graph-options.ts";
import { checkpointForCancel, type JobControl } from "../job-ports.ts";
import type { SessionPool } from "../sessions/session-pool.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { LatentGrid } from "./network-values.ts";

export class OpenNetworks {
  readonly checkpoint: Checkpoint;
  readonly pool: SessionPool;
  readonly graphOptions: GraphOptions;
  readonly #control: JobControl | undefined;

  /** A job's `control` is listened to inside of what takes long. */
  constructor(checkpoint: Checkpoint, pool: SessionPool, options: GraphOptions & { readonly control?: JobControl }) {
    const { control, ...graphOptions } = options;
    this.checkpoint = checkpoint;
    this.pool = pool;
    this.graphOptions = graphOptions;
    this.#control = control;
  }

  /** The latent of a picture of this size in pixels. Sizes that the VAE's factor does not divide are rounded down. */
  gridOf(size: { width: number; height: number }): LatentGrid {
    const { vaeFactor } = this.checkpoint.sizes;
    return { width: Math.floor(size.width / vaeFactor), height: Math.floor(size.height / vaeFactor) };
  }

  latentLength({ height, width }: LatentGrid): number {
    return this.checkpoint.sizes.latentChannels * height * width;
  }

  /** Throws the signal's reason when the job was cancelled. */
  async checkForCancel(): Promise<void> {
    if (this.#control) await checkpointForCancel(this.#control);
  }
}

/** The one output of that name, of float32. */
export async function runFor(
  session: Session,
  feeds: Parameters<Session["run"]>[0],
  output: string,
): Promise<Float32Array> {
  const result = (await session.run(feeds, [output]))[output];
  if (result?.dtype !== "float32") throw new TypeError(`"${output}" should be float32`);
  return result.data;
}
