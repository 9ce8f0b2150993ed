/** @file The port through which file readers get bytes: a length and ranged reads. The port does not open or close the file. */

/** A file (or a buffer) that can be read in ranges. */
export interface RandomAccess {
  readonly sizeBytes: number;
  /** Exactly `length` bytes from `offset`. Rejects with RangeError if the range goes beyond the file. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** Bytes already in memory as a `RandomAccess`. Reads are views, not copies. */
export function bytesAccess(bytes: Uint8Array): RandomAccess {
  return {
    sizeBytes: bytes.byteLength,
    read(offset, length) {
      if (offset < 0 || length < 0 || offset + length > bytes.byteLength) {
        return Promise.reject(
          new RangeError(`Cannot read ${length} bytes at ${offset}: there are ${bytes.byteLength}`),
        );
      }
      return Promise.resolve(bytes.subarray(offset, offset + length));
    },
  };
}
