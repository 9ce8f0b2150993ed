/** @file The memory that a job will need, computed before it starts from the checkpoint's sizes, without asking the server. */
import type { TrainSettings, Txt2imgSettings } from "@lexeme/domain/settings";
import {
  gigabytes,
  trainingMemory,
  trainingMemoryProblem,
  txt2imgMemory,
  txt2imgMemoryProblem,
  type MemoryForecast,
  type MemoryProblem,
  type NetworkSizes,
} from "@lexeme/domain/memory";
import type { Checkpoint, System } from "@lexeme/protocol";
import { useCheckpoints, useSystem } from "../../api/queries.ts";

export interface MemoryLine {
  /** "3.1 of 20 GB"; null while it is not known. */
  readonly text: string | null;
  /** Why the job would be refused, with a size that would fit. */
  readonly problem: string | null;
}

export function useDrawingMemory(settings: Txt2imgSettings | null): MemoryLine {
  return useMemory(settings, { forecast: txt2imgMemory, problemOf: txt2imgMemoryProblem });
}

export function useTrainingMemory(settings: TrainSettings | null): MemoryLine {
  return useMemory(settings, { forecast: trainingMemory, problemOf: trainingMemoryProblem });
}

interface Prediction<S> {
  forecast: (sizes: NetworkSizes, settings: S, usable: number) => MemoryForecast;
  problemOf: (sizes: NetworkSizes, settings: S, usable: number) => MemoryProblem | null;
}

function useMemory<S extends { checkpoint: string | null }>(settings: S | null, prediction: Prediction<S>): MemoryLine {
  const system = useSystem().data;
  const checkpoints = useCheckpoints().data;
  return memoryLine(settings, { system, checkpoints, ...prediction });
}

/** The settings name their checkpoint; null stands for the chosen one. */
function memoryLine<S extends { checkpoint: string | null }>(
  settings: S | null,
  {
    system,
    checkpoints,
    forecast,
    problemOf,
  }: Prediction<S> & { system: System | undefined; checkpoints: readonly Checkpoint[] | undefined },
): MemoryLine {
  const name = settings?.checkpoint ?? system?.checkpoint;
  const sizes = checkpoints?.find((one) => one.name === name)?.networkSizes;
  if (settings === null || system === undefined || !sizes) return { text: null, problem: null };
  const { usableBytes } = system.memory;
  const { peakBytes } = forecast(sizes, settings, usableBytes);
  return {
    text: `${gigabytes(peakBytes)} of ${usableBytes < 10e9 ? gigabytes(usableBytes) : Math.round(usableBytes / 1e9)} GB`,
    problem: problemOf(sizes, settings, usableBytes)?.message ?? null,
  };
}
