export { LexemeError, type ErrorKind, type LexemeErrorOptions } from "./errors.ts";
export { concatenateBytes, concatenateFloats } from "./concatenate.ts";
export { DTYPE_BYTES, elementCount, type DType, type Shape } from "./dtype.ts";
export { bfloat16ToFloat32, float16ToFloat32, float32ToBfloat16, float32ToFloat16 } from "./float16.ts";
export { Mt19937, type Mt19937State } from "./random/mt19937.ts";
export { createNormalGenerator, type NormalGenerator, type RandomSource } from "./random/normal-generator.ts";
export { PhiloxGenerator } from "./random/philox-generator.ts";
export { SeedSequence, type SeedSequenceOptions } from "./random/seed-sequence.ts";
export { TorchGenerator, type TorchGeneratorState } from "./random/torch-generator.ts";
