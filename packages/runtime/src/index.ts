export { listDevices, tryDevice } from "./device.ts";
export { missingParts, type MissingPart } from "./missing-parts.ts";
export { float32Data, float32Tensor, int64Tensor, type HostTensor } from "./host-tensor.ts";
export { ORT_VERSION } from "./ort.ts";
export { liveSessionCount, openSession, type Session } from "./session.ts";
export { type SessionOptions } from "./session-options.ts";
