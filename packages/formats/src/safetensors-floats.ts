/** @file Converts the bytes of a safetensors tensor to float32 numbers. */
import { bfloat16ToFloat32, float16ToFloat32 } from "@lexeme/core";

/** The values of a floating-point tensor from the file's little-endian bytes; undefined for a dtype of whole numbers. */
export function safetensorsFloats(dtype: string, bytes: Uint8Array): Float32Array | undefined {
  // A copy is aligned. (`slice` is not used, because a Buffer's slice is a view.)
  const { buffer } = new Uint8Array(bytes);
  switch (dtype) {
    case "F32":
      return new Float32Array(buffer);
    case "F16":
      return float16ToFloat32(new Uint16Array(buffer));
    case "BF16":
      return bfloat16ToFloat32(new Uint16Array(buffer));
    case "F64":
      return Float32Array.from(new Float64Array(buffer));
    default:
      return undefined;
  }
}
