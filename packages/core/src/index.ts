export { LexemeError, type ErrorKind, type LexemeErrorOptions } from "./errors.ts";
export { DTYPE_BYTES, elementCount, type DType, type Shape } from "./dtype.ts";
