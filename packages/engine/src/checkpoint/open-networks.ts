/** @file The environment of a network: its checkpoint, and the pool that opens its sessions. */
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

  /** Long computations check a job's `control` for a cancel. */
  constructor(checkpoint: Checkpoint, pool: SessionPool, options: GraphOptions & { readonly control?: JobControl }) {
    const { control, ...graphOptions } = options;
    this.checkpoint = checkpoint;
    this.pool = pool;
    this.graphOptions = graphOptions;
    this.#control = control;
  }

  /** The latent size of a picture of this size in pixels, divided by the VAE's factor and rounded down. */
  gridOf(size: { width: number; height: number; tiling?: boolean }): LatentGrid {
    const { vaeFactor } = this.checkpoint.sizes;
    return {
      width: Math.floor(size.width / vaeFactor),
      height: Math.floor(size.height / vaeFactor),
      ...(size.tiling && { tiling: true }),
    };
  }

  latentLength({ height, width }: LatentGrid): number {
    return this.checkpoint.sizes.latentChannels * height * width;
  }

  /** Throws the signal's reason if the job was cancelled. */
  async checkForCancel(): Promise<void> {
    if (this.#control) await checkpointForCancel(this.#control);
  }
}

/** Runs a session and returns the float32 output of this name. */
export async function runFor(
  session: Session,
  feeds: Parameters<Session["run"]>[0],
  output: string,
): Promise<Float32Array> {
  const result = (await session.run(feeds, [output]))[output];
  if (result?.dtype !== "float32") throw new TypeError(`"${output}" should be float32`);
  return result.data;
}
