/** @file Values of a safetensors tensor as numbers to compute with. */
import { bfloat16ToFloat32, float16ToFloat32 } from "@lexeme/core";

/** The values of a floating-point tensor, little-endian bytes as they are in the file; undefined for a dtype of whole numbers. */
export function safetensorsFloats(dtype: string, bytes: Uint8Array): Float32Array | undefined {
  // A copy is aligned. (Not `slice`: that of a Buffer is a view.)
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
