/** @file Reads a file of `torch.save`, as zip (from torch 1.6) or in the older format of consecutive pickles: its object, and its tensors on demand. */
import { LexemeError } from "@lexeme/core";
import type { RandomAccess } from "../random-access.ts";
import type { PickleValue, TorchStorage, TorchTensor } from "./pickle-value.ts";
import { MAX_PICKLE_BYTES, unpickle } from "./pickle.ts";
import { tensorToFloat32, TORCH_DTYPE_BYTES } from "./torch-tensor.ts";
import { memberDataOffset, readMemberBytes, readZipDirectory, type ZipMember } from "./zip.ts";

/** First object of the older format (torch/serialization.py, `MAGIC_NUMBER`). */
const LEGACY_MAGIC = 0x1950a86a20f9469cfc6cn;
/** An upper bound; every checkpoint has fewer tensors. */
const MAX_STORAGES = 100_000;

export interface TorchFile {
  /** The saved object. Its tensors are descriptions without values. */
  readonly value: PickleValue;
  /** Values in row-major order as float32. */
  readTensor(tensor: TorchTensor): Promise<Float32Array>;
  /** Offset in the file of the storage's first byte. The file holds all its bytes. Undefined for a compressed storage. Throws LexemeError when it is missing. */
  locateStorage(storage: TorchStorage): Promise<number | undefined>;
}

/** Whether the file begins like a zip. */
export function isZip(head: Uint8Array): boolean {
  return head[0] === 0x50 && head[1] === 0x4b && head[2] === 3 && head[3] === 4;
}

/** Whether the file begins like a pickle of protocol 2 or later, as the older format does. */
export function isPickle(head: Uint8Array): boolean {
  return head[0] === 0x80 && head[1] !== undefined && head[1] >= 2 && head[1] <= 5;
}

/** Reads either format. Throws LexemeError (`ZIP_…`, `PICKLE_…`, `TORCH_…`). */
export async function readTorchFile(file: RandomAccess): Promise<TorchFile> {
  const head = await file.read(0, Math.min(4, file.sizeBytes));
  if (isZip(head)) return readZipFormat(file);
  if (isPickle(head)) return readLegacyFormat(file);
  throw fault("it begins neither as a zip nor as a pickle");
}

async function readZipFormat(file: RandomAccess): Promise<TorchFile> {
  const members = await readZipDirectory(file);
  const pickled = [...members.values()].find(({ name }) => /^[^/]+\/data\.pkl$/u.test(name));
  if (!pickled) throw fault("the zip holds no data.pkl");
  const root = pickled.name.slice(0, -"data.pkl".length);
  const byteOrder = members.get(`${root}byteorder`);
  if (byteOrder && new TextDecoder().decode(await readMemberBytes(file, byteOrder, 16)).trim() === "big") {
    throw fault("it was written by a big-endian machine");
  }
  const { value } = unpickle(await readMemberBytes(file, pickled, MAX_PICKLE_BYTES), { persistentLoad: loadStorage });
  const memberOf = ({ key }: TorchStorage): ZipMember => {
    const member = members.get(`${root}data/${key}`);
    if (!member) throw fault(`the data of storage ${key} is missing`);
    return member;
  };
  async function locateStorage(storage: TorchStorage): Promise<number | undefined> {
    const member = memberOf(storage);
    if (member.isDeflated) return undefined;
    if (member.sizeBytes < storageBytes(storage)) throw fault(`the data of storage ${storage.key} is cut short`);
    return memberDataOffset(file, member);
  }
  return {
    value,
    locateStorage,
    async readTensor(tensor) {
      const start = await locateStorage(tensor.storage);
      const bytes =
        start === undefined
          ? await readMemberBytes(file, memberOf(tensor.storage))
          : await file.read(start, storageBytes(tensor.storage));
      return tensorToFloat32(tensor, bytes);
    },
  };
}

function storageBytes({ size, dtype }: TorchStorage): number {
  return size * TORCH_DTYPE_BYTES[dtype];
}

/** Magic number, protocol, system, object, storage keys, then each storage: its size as int64 and its data. */
async function readLegacyFormat(file: RandomAccess): Promise<TorchFile> {
  const head = await file.read(0, Math.min(file.sizeBytes, MAX_PICKLE_BYTES));
  const storages = new Map<string, TorchStorage>();
  function persistentLoad(id: PickleValue): PickleValue {
    // rinongal's files name the class of their ParameterDict this way. The pickle then labels data with this class.
    if (Array.isArray(id) && id[0] === "module" && id[1] !== undefined) return id[1];
    const storage = loadStorage(id);
    storages.set(storage.key, storage);
    return storage;
  }
  const magic = unpickle(head, { persistentLoad });
  if (magic.value !== LEGACY_MAGIC) throw fault("it is a pickle that was not written by torch");
  const protocol = unpickle(head, { persistentLoad, start: magic.end });
  const system = unpickle(head, { persistentLoad, start: protocol.end });
  const object = unpickle(head, { persistentLoad, start: system.end });
  const keys = unpickle(head, { persistentLoad, start: object.end });
  if (!Array.isArray(keys.value) || keys.value.length > MAX_STORAGES) throw fault("its list of storages is damaged");
  const places = await placeStorages(file, { keys: keys.value, start: keys.end, storages });
  const placeOf = (storage: TorchStorage): number => {
    const start = places.get(storage.key);
    if (start === undefined || start + storageBytes(storage) > file.sizeBytes)
      throw fault(`the data of storage ${storage.key} is missing`);
    return start;
  };
  return {
    value: object.value,
    locateStorage: (storage) => Promise.resolve(placeOf(storage)),
    async readTensor(tensor) {
      return tensorToFloat32(tensor, await file.read(placeOf(tensor.storage), storageBytes(tensor.storage)));
    },
  };
}

async function placeStorages(
  file: RandomAccess,
  table: { keys: PickleValue[]; start: number; storages: ReadonlyMap<string, TorchStorage> },
): Promise<Map<string, number>> {
  const places = new Map<string, number>();
  let at = table.start;
  for (const key of table.keys) {
    const storage = typeof key === "string" ? table.storages.get(key) : undefined;
    if (!storage || at + 8 > file.sizeBytes) throw fault("its list of storages is damaged");
    const field = await file.read(at, 8);
    const size = new DataView(field.buffer, field.byteOffset, 8).getBigInt64(0, true);
    if (size !== BigInt(storage.size)) throw fault(`storage ${storage.key} states two sizes`);
    places.set(storage.key, at + 8);
    at += 8 + storageBytes(storage);
  }
  return places;
}

/** `("storage", class, key, location, size, view)`; the location (`cpu`, `cuda:0`) does not matter here. */
function loadStorage(id: PickleValue): TorchStorage {
  const [tag, type, key, , size, view = null] = Array.isArray(id) ? id : [];
  const dtype = typeof type === "object" && type !== null && "dtype" in type ? type.dtype : undefined;
  if (
    tag !== "storage" ||
    dtype === undefined ||
    typeof key !== "string" ||
    typeof size !== "number" ||
    !Number.isSafeInteger(size) ||
    size < 0 ||
    // A storage inside another storage. torch stopped writing these before 1.0.
    view !== null
  ) {
    throw fault("a storage is described in a way that torch does not use");
  }
  return { kind: "torch-storage", dtype, key, size };
}

function fault(what: string): LexemeError {
  return new LexemeError("TORCH_FILE", `This file was not written by torch, or it is damaged: ${what}`);
}
