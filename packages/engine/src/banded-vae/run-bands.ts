/** @file Runs a feature map through the VAE's band stages. Each stage processes all bands before the next stage, so at most two maps are in memory. */
import {
  BAND_HALO,
  buildBandStage,
  LDM_PREFIX,
  VAE_NORM_EPSILON,
  type BandStage,
  type CheckpointWeights,
} from "@lexeme/networks";
import type { Graph } from "@lexeme/onnx";
import type { HostTensor, Session } from "@lexeme/runtime";
import { FeatureMap, type MapSize } from "./feature-map.ts";

export interface BandPorts {
  readonly weights: CheckpointWeights;
  /** The caller must close the session. */
  readonly open: (graph: Graph) => Promise<Session>;
  /** Called before each band, so that a job can be cancelled. */
  readonly onBand: () => Promise<void>;
  /** Approximate limit for one feature map of a band, in bytes. */
  readonly bandBytes: number;
}

/** Returns the output of the last stage. May overwrite `input`. */
export async function runBandStages(
  input: FeatureMap,
  stages: readonly BandStage[],
  ports: BandPorts,
): Promise<FeatureMap> {
  let map = input;
  let kept: FeatureMap | undefined;
  for (const stage of stages) {
    const source = map;
    map = await runStage(stage, { source, kept }, ports);
    kept = stage.keepsInput ? source : undefined;
  }
  return map;
}

interface StageMaps {
  readonly source: FeatureMap;
  readonly kept: FeatureMap | undefined;
}

async function runStage(stage: BandStage, { source, kept }: StageMaps, ports: BandPorts): Promise<FeatureMap> {
  const plan = planStage(stage, source, ports);
  const { rows, rowsInAll, outputRows } = plan;
  const inputWidth = source.width;
  const { tiling } = source;
  const size = { rows, inputWidth, inputChannels: source.channels, keptChannels: kept?.channels ?? 0, tiling };
  const bandOf = bandReader(stage, { source, kept }, { rows, groups: ports.weights.normNumGroups });
  // The sum is written over the kept input, whose rows are no longer needed once the sum's rows are written.
  const output = new FeatureMap(plan.output, plan.channels, kept);
  const session = await ports.open(buildBandStage(ports.weights, stage, size));
  try {
    for (let done = 0; done < rowsInAll; done += rows) {
      await ports.onBand();
      // The last band overlaps rows that are already done, so that all bands have the same size.
      const first = Math.min(done, rowsInAll - rows);
      const { y } = await session.run(bandOf(first));
      if (y?.dtype !== "float32") throw new TypeError("a float32 band expected");
      const written = { start: done * outputRows, end: Math.min(done + rows, rowsInAll) * outputRows };
      output.write(y.data, { rows: written, first: first * outputRows });
    }
  } finally {
    await session.dispose();
  }
  return output;
}

interface StagePlan {
  readonly output: MapSize;
  readonly channels: number;
  /** Rows of a band and of the whole picture, counted in rows of the output, or of the input where the output is twice as large. */
  readonly rows: number;
  readonly rowsInAll: number;
  /** Rows of the output for each counted row. */
  readonly outputRows: number;
}

function planStage({ key, scale }: BandStage, source: FeatureMap, { weights, bandBytes }: BandPorts): StagePlan {
  const factor = { same: 1, double: 2, half: 0.5 }[scale];
  const output = { height: source.height * factor, width: source.width * factor, tiling: source.tiling };
  const channels = outputChannels(weights, key);
  const rowsInAll = Math.min(source.height, output.height);
  const bytesPerRow =
    (4 * Math.max(source.channels * source.height * source.width, channels * output.height * output.width)) / rowsInAll;
  const bands = Math.ceil(rowsInAll / Math.max(1, Math.floor(bandBytes / bytesPerRow)));
  return {
    output,
    channels,
    rows: Math.ceil(rowsInAll / bands),
    rowsInAll,
    outputRows: output.height / rowsInAll,
  };
}

/** Returns a function that gives the inputs of the stage's graph for the band that begins at a row. The arrays are reused for every band. */
function bandReader(
  { scale, norm }: BandStage,
  { source, kept }: StageMaps,
  { rows, groups }: { rows: number; groups: number },
): (first: number) => Record<string, HostTensor> {
  const { above, below } = BAND_HALO[scale];
  const perRow = scale === "half" ? 2 : 1;
  const inputRows = above + perRow * rows + below;
  const { width, height, channels } = source;
  // Where the size halves, LDM pads with zeros in a picture with tiling too.
  const wraps = source.tiling && scale !== "half";
  const feeds: Record<string, HostTensor> = {};
  const feed = (name: string, shape: number[]): Float32Array => {
    const data = new Float32Array(shape.reduce((product, length) => product * length, 1));
    feeds[name] = { dtype: "float32", shape, data };
    return data;
  };
  const x = feed("x", [1, channels, inputRows, width]);
  const keptRows = kept === undefined ? undefined : feed("kept", [1, kept.channels, rows, width]);
  const inside = norm === null ? undefined : feed("inside", [inputRows, 1]);
  if (norm !== null) {
    const { mean, invStdDev } = source.statistics(groups, VAE_NORM_EPSILON);
    feed("mean", [channels, 1, 1]).set(mean);
    feed("invStdDev", [channels, 1, 1]).set(invStdDev);
  }
  return (first) => {
    const start = first * perRow - above;
    source.read(x, { start, end: start + inputRows }, { wraps });
    inside?.forEach((_, row) => (inside[row] = wraps || (start + row >= 0 && start + row < height) ? 1 : 0));
    if (keptRows !== undefined) kept?.read(keptRows, { start: first, end: first + rows });
    return feeds;
  };
}

function outputChannels({ tensors }: CheckpointWeights, key: string): number {
  const shape = tensors.get(`${LDM_PREFIX.vae}.${key}.weight`)?.shape;
  if (shape?.[0] === undefined) throw new TypeError(`"${key}" has no weight`);
  return shape[0];
}
