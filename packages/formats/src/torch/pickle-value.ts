/** @file The values in a pickle written by torch, as plain data. */
import type { PickleSymbol, TorchDType } from "./pickle-symbols.ts";

/** dict and OrderedDict become Map; list, tuple and set become arrays; bytes become Uint8Array; None becomes null. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleValue[]
  | Map<PickleValue, PickleValue>
  | PickleCall
  | PickleSymbol
  | TorchStorage
  | TorchTensor;

/** A permitted name with the arguments from the file. The name was not called. */
export interface PickleCall {
  readonly kind: "call";
  readonly symbol: PickleSymbol;
  readonly args: readonly PickleValue[];
  state: PickleValue;
}

export interface TorchStorage {
  readonly kind: "torch-storage";
  readonly dtype: TorchDType;
  /** Name of the storage: the member `data/<key>` of a zip. */
  readonly key: string;
  /** Elements, not bytes. */
  readonly size: number;
}

/** A strided view of a storage, whose bytes are in another part of the file. */
export interface TorchTensor {
  readonly kind: "torch-tensor";
  readonly storage: TorchStorage;
  /** Index of the first element in the storage. */
  readonly offset: number;
  readonly shape: readonly number[];
  /** In elements. */
  readonly strides: readonly number[];
}

/** Whether a value is a permitted name with arguments. */
export function isCall(value: PickleValue | undefined): value is PickleCall {
  return hasKind(value, "call");
}

export function isTorchStorage(value: PickleValue | undefined): value is TorchStorage {
  return hasKind(value, "torch-storage");
}

export function isTorchTensor(value: PickleValue | undefined): value is TorchTensor {
  return hasKind(value, "torch-tensor");
}

function hasKind(value: PickleValue | undefined, kind: string): boolean {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === kind;
}
