/** @file Measures how well an embedding has learned its pictures, by the two measures of the demo world's reference figures. */
import { LATENT_SCALE } from "@lexeme/networks";
import { TrainSettingsSchema } from "@lexeme/domain/settings";
import { DEFAULT_OPTIONS } from "@lexeme/domain/options";
import { ImageNoise } from "@lexeme/schedulers";
import { chunkPrompt } from "@lexeme/tokenizer";
import { loadClipTokenizer } from "@lexeme/tokenizer/node";
import { openCheckpoint } from "../checkpoint/checkpoint.ts";
import { DiffusionModel, type Conditioning, type LatentGrid } from "../checkpoint/diffusion-model.ts";
import { loadEmbeddingFile } from "@lexeme/data-folder";
import { graphOptionsFor } from "../graph-options.ts";
import type { JobPorts } from "../job-ports.ts";
import { SessionPool } from "../sessions/session-pool.ts";
import { loadDataset, meanLatent, type Dataset } from "../train-embedding/dataset.ts";
import { fixedLoss } from "../train-embedding/fixed-loss.ts";

export interface EvaluationRequest {
  readonly checkpointPath: string;
  /** Folder of prepared pictures. */
  readonly dataRoot: string;
  /** Embedding to evaluate; null evaluates the prompt without an embedding. */
  readonly embeddingPath: string | null;
  /** The prompt for drawing; `[name]` stands for the embedding. */
  readonly prompt: string;
  /** Pictures drawn for the distance, with seeds 1, 2, … */
  readonly pictures: number;
  readonly width: number;
  readonly height: number;
}

export interface Evaluation {
  /** Mean squared error at fixed noise, pictures and time steps. */
  readonly fixedLoss: number;
  /** Squared difference between the mean latents of the drawn pictures and of the photos, in the middle of the picture, as mean over channels. */
  readonly distance: number;
}

/** The embedding's name in prompts here, for any file name. */
const NAME = "zzqq";
/** Guidance and steps of the reference figures. */
const CFG_SCALE = 4;
/** `range(981, 0, -40)`: 25 time steps. */
const FIRST_TIMESTEP = 981;
const STRIDE = 40;
/** Rows and columns of a 16 x 16 latent that show the face in the demo world's portraits; scaled for other sizes. */
const FACE = { from: 6 / 16, to: 11 / 16 } as const;

/** An evaluation is never cancelled and has no listener, because its process has no other work. */
const NEVER = new AbortController().signal;
const QUIET: JobPorts = {
  control: { cancelled: NEVER, stopping: NEVER },
  reporter: { progress() {}, metric() {}, artifact() {}, preview() {}, log() {} },
};

/** Encodes the pictures, measures the fixed loss, and draws as many pictures as asked, in its own sessions on the CPU. */
export async function evaluateEmbedding(request: EvaluationRequest): Promise<Evaluation> {
  const pool = new SessionPool({ device: "cpu" });
  try {
    const checkpoint = await openCheckpoint({ name: "checkpoint", path: request.checkpointPath, shortHash: null });
    const model = new DiffusionModel(checkpoint, pool, graphOptionsFor("cpu"));
    const dataset = await loadDataset(dataSettings(request), { ...QUIET, model, seed: 0n, options: DEFAULT_OPTIONS });
    const conditioning = await encodePrompt(model, request);
    const faces = dataset.pictures.map(({ posterior }) => faceColour(model, meanLatent(posterior), dataset.grid));
    const drawn: number[][] = [];
    for (let seed = 1; seed <= request.pictures; seed++) {
      drawn.push(faceColour(model, await drawnLatent(model, { conditioning, seed, dataset }), dataset.grid));
    }
    const { conditional } = conditioning;
    const loss = await fixedLoss(model, dataset, { conditioning: conditional, goOn: () => Promise.resolve(true) });
    if (loss === undefined) throw new TypeError("a measurement that nobody gives up has a result");
    return {
      fixedLoss: loss,
      distance: meanSquare(mean(drawn), mean(faces)),
    };
  } finally {
    await pool.dispose();
  }
}

function dataSettings({ dataRoot, width, height }: EvaluationRequest) {
  return TrainSettingsSchema.parse({
    embeddingName: NAME,
    dataRoot,
    trainingWidth: width,
    trainingHeight: height,
    latentSamplingMethod: "deterministic",
  });
}

interface Conditionings {
  readonly conditional: Conditioning;
  readonly unconditional: Conditioning;
}

async function encodePrompt(model: DiffusionModel, request: EvaluationRequest): Promise<Conditionings> {
  const tokenizer = loadClipTokenizer(model.checkpoint.dialect);
  const { sizes, modelName } = model.checkpoint;
  const { textWidth } = sizes;
  const rows = new Map<string, Float32Array>();
  let vectors = 1;
  if (request.embeddingPath !== null) {
    const embedding = await loadEmbeddingFile({ name: NAME, path: request.embeddingPath }, { textWidth, modelName });
    rows.set(NAME, embedding.vectors);
    vectors = embedding.count;
  }
  const embeddings = rows.size === 0 ? [] : [{ name: NAME, vectors }];
  const prompt = request.prompt.replaceAll("[name]", NAME);
  return {
    conditional: await model.encodePrompt(chunkPrompt(tokenizer, prompt, { embeddings }).chunks, rows),
    unconditional: await model.encodePrompt(chunkPrompt(tokenizer, "").chunks, rows),
  };
}

/** Draws with DDIM from time step 981 to a clean picture, decodes it, and encodes the visible picture again. */
async function drawnLatent(
  model: DiffusionModel,
  { conditioning, seed, dataset }: { conditioning: Conditionings; seed: number; dataset: Dataset },
): Promise<Float32Array> {
  const { grid } = dataset;
  const { alphasCumprod } = model.checkpoint.noiseSchedule;
  let x = new ImageNoise([BigInt(seed)], { channels: model.checkpoint.sizes.latentChannels, ...grid }).next();
  for (let timestep = FIRST_TIMESTEP; timestep > 0; timestep -= STRIDE) {
    const [alpha, next] = [alphasCumprod[timestep]!, alphasCumprod[timestep - STRIDE] ?? 1];
    const latents = new Float32Array(2 * x.length);
    latents.set(x);
    latents.set(x, x.length);
    const both = await model.predictNoise({
      latents,
      timesteps: Float32Array.of(timestep, timestep),
      conditionings: [conditioning.conditional, conditioning.unconditional],
      grid,
    });
    x = x.map((value, i) => {
      const u = both[x.length + i]!;
      const noise = u + CFG_SCALE * (both[i]! - u);
      const clean = (value - Math.sqrt(1 - alpha) * noise) / Math.sqrt(alpha);
      return Math.sqrt(next) * clean + Math.sqrt(1 - next) * noise;
    });
  }
  const picture = (await model.decode(x, grid)).map((value) => Math.min(Math.max(value, -1), 1));
  const { mean: encoded } = await model.encode(picture, grid);
  return encoded.map((value) => value * LATENT_SCALE);
}

/** Mean of each channel over the middle of a latent. */
function faceColour(model: DiffusionModel, latent: Float32Array, { width, height }: LatentGrid): number[] {
  const [left, right] = [Math.round(FACE.from * width), Math.round(FACE.to * width)];
  const [top, bottom] = [Math.round(FACE.from * height), Math.round(FACE.to * height)];
  return Array.from({ length: model.checkpoint.sizes.latentChannels }, (_, channel) => {
    let sum = 0;
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) sum += latent[(channel * height + y) * width + x]!;
    }
    return sum / ((bottom - top) * (right - left));
  });
}

function mean(rows: readonly number[][]): number[] {
  return rows[0]!.map((_, i) => rows.reduce((sum, row) => sum + row[i]!, 0) / rows.length);
}

function meanSquare(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0) / a.length;
}
