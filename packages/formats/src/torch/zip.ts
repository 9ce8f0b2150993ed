/**
 * @file The part of zip that is needed to find the members of torch's files: the central directory (including zip64) and stored data.
 * torch never compresses. A small deflated member, written by another tool, is inflated up to its stated size.
 */
import { LexemeError } from "@lexeme/core";
import { inflateSync } from "fflate";
import type { RandomAccess } from "../random-access.ts";

/** An upper bound. A checkpoint has about 1,200 members, one for each tensor. */
const MAX_ZIP_MEMBERS = 100_000;
/** Enough for the names and offsets of that many members. */
const MAX_DIRECTORY_BYTES = 64 * 1024 * 1024;
/** An upper bound for compressed pickles and embeddings. */
const MAX_INFLATED_BYTES = 64 * 1024 * 1024;

const END_SIGNATURE = 0x06054b50;
const END_BYTES = 22;
const MAX_COMMENT_BYTES = 0xffff;
const ZIP64_LOCATOR_SIGNATURE = 0x07064b50;
const ZIP64_LOCATOR_BYTES = 20;
const ZIP64_END_SIGNATURE = 0x06064b50;
const ENTRY_SIGNATURE = 0x02014b50;
const ENTRY_BYTES = 46;
const LOCAL_SIGNATURE = 0x04034b50;
const LOCAL_BYTES = 30;
const IN_ZIP64_EXTRA = 0xffffffff;

export interface ZipMember {
  readonly name: string;
  readonly sizeBytes: number;
  readonly storedBytes: number;
  readonly isDeflated: boolean;
  /** Offset of the member's local header. */
  readonly headerOffset: number;
}

/** All members by name. Throws LexemeError `ZIP_UNREADABLE` for a file that is cut short or contradicts itself. */
export async function readZipDirectory(file: RandomAccess): Promise<ReadonlyMap<string, ZipMember>> {
  const { offset, length, count } = await findDirectory(file);
  if (count > MAX_ZIP_MEMBERS || length > MAX_DIRECTORY_BYTES) throw fault(`it claims ${count} members`);
  if (offset + length > file.sizeBytes) throw fault("its directory is past the end of the file, so it is cut short");
  const view = dataView(await file.read(offset, length));
  const members = new Map<string, ZipMember>();
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + ENTRY_BYTES > length || view.getUint32(at, true) !== ENTRY_SIGNATURE)
      throw fault("its directory is damaged");
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const end = at + ENTRY_BYTES + nameLength + extraLength + view.getUint16(at + 32, true);
    if (end > length) throw fault("its directory is damaged");
    const member = readMember(view, at);
    if (members.has(member.name)) throw fault(`member "${member.name}" occurs twice`);
    members.set(member.name, member);
    at = end;
  }
  return members;
}

/** Offset in the file of a stored member's first byte. */
export async function memberDataOffset(file: RandomAccess, member: ZipMember): Promise<number> {
  if (member.headerOffset + LOCAL_BYTES > file.sizeBytes)
    throw fault(`member "${member.name}" is past the end of the file`);
  const local = dataView(await file.read(member.headerOffset, LOCAL_BYTES));
  if (local.getUint32(0, true) !== LOCAL_SIGNATURE)
    throw fault(`member "${member.name}" is not at the offset in the directory`);
  const offset = member.headerOffset + LOCAL_BYTES + local.getUint16(26, true) + local.getUint16(28, true);
  if (offset + member.storedBytes > file.sizeBytes) throw fault(`member "${member.name}" is cut short`);
  return offset;
}

/** A member's bytes, at most `maxBytes` of them. */
export async function readMemberBytes(
  file: RandomAccess,
  member: ZipMember,
  maxBytes = MAX_INFLATED_BYTES,
): Promise<Uint8Array> {
  if (member.sizeBytes > maxBytes)
    throw fault(`member "${member.name}" has ${member.sizeBytes} bytes, more than ${maxBytes}`);
  const stored = await file.read(await memberDataOffset(file, member), member.storedBytes);
  if (!member.isDeflated) return stored;
  try {
    return inflateSync(stored, { out: new Uint8Array(member.sizeBytes) });
  } catch (cause) {
    throw fault(`member "${member.name}" cannot be inflated`, cause);
  }
}

async function findDirectory(file: RandomAccess): Promise<{ offset: number; length: number; count: number }> {
  const tailLength = Math.min(file.sizeBytes, END_BYTES + MAX_COMMENT_BYTES);
  const tailStart = file.sizeBytes - tailLength;
  const tail = dataView(await file.read(tailStart, tailLength));
  for (let at = tailLength - END_BYTES; at >= 0; at--) {
    if (tail.getUint32(at, true) !== END_SIGNATURE) continue;
    const plain = {
      count: tail.getUint16(at + 10, true),
      length: tail.getUint32(at + 12, true),
      offset: tail.getUint32(at + 16, true),
    };
    const needsZip64 = plain.count === 0xffff || plain.length === IN_ZIP64_EXTRA || plain.offset === IN_ZIP64_EXTRA;
    return needsZip64 ? findZip64Directory(file, tailStart + at) : plain;
  }
  throw fault("its directory is missing, so it is cut short: copy or download it again");
}

async function findZip64Directory(
  file: RandomAccess,
  endAt: number,
): Promise<{ offset: number; length: number; count: number }> {
  if (endAt < ZIP64_LOCATOR_BYTES) throw fault("its directory is damaged");
  const locator = dataView(await file.read(endAt - ZIP64_LOCATOR_BYTES, ZIP64_LOCATOR_BYTES));
  if (locator.getUint32(0, true) !== ZIP64_LOCATOR_SIGNATURE) throw fault("its directory is damaged");
  const recordAt = big(locator, 8);
  if (recordAt + 56 > file.sizeBytes) throw fault("its directory is past the end of the file, so it is cut short");
  const record = dataView(await file.read(recordAt, 56));
  if (record.getUint32(0, true) !== ZIP64_END_SIGNATURE) throw fault("its directory is damaged");
  return { count: big(record, 32), length: big(record, 40), offset: big(record, 48) };
}

function readMember(view: DataView, at: number): ZipMember {
  const flags = view.getUint16(at + 8, true);
  const method = view.getUint16(at + 10, true);
  const nameLength = view.getUint16(at + 28, true);
  const name = new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + at + ENTRY_BYTES, nameLength));
  if ((flags & 1) !== 0) throw fault(`member "${name}" is encrypted`);
  if (method !== 0 && method !== 8) throw fault(`member "${name}" is compressed in a way that torch does not use`);
  const sizes = {
    sizeBytes: view.getUint32(at + 24, true),
    storedBytes: view.getUint32(at + 20, true),
    headerOffset: view.getUint32(at + 42, true),
  };
  widenByZip64Extra(view, { start: at + ENTRY_BYTES + nameLength, length: view.getUint16(at + 30, true) }, sizes);
  if (method === 0 && sizes.sizeBytes !== sizes.storedBytes) throw fault(`member "${name}" states two sizes`);
  return { name, isDeflated: method === 8, ...sizes };
}

/** The zip64 extra field (id 1) holds, in this order, the values of these three that did not fit in 32 bits. */
function widenByZip64Extra(
  view: DataView,
  extra: { start: number; length: number },
  sizes: { sizeBytes: number; storedBytes: number; headerOffset: number },
): void {
  const end = extra.start + extra.length;
  for (let at = extra.start; at + 4 <= end; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue;
    const fieldEnd = Math.min(end, at + 4 + view.getUint16(at + 2, true));
    let next = at + 4;
    for (const key of ["sizeBytes", "storedBytes", "headerOffset"] as const) {
      if (sizes[key] !== IN_ZIP64_EXTRA) continue;
      if (next + 8 > fieldEnd) throw fault("its directory is damaged");
      sizes[key] = big(view, next);
      next += 8;
    }
  }
}

function big(view: DataView, at: number): number {
  const value = view.getBigUint64(at, true);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw fault("it states an impossible size");
  return Number(value);
}

function dataView(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function fault(what: string, cause?: unknown): LexemeError {
  return new LexemeError("ZIP_UNREADABLE", `The zip inside this file cannot be read: ${what}`, { cause });
}
