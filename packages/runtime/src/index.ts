export { listDevices } from "./device.ts";
export { float32Data, float32Tensor, int64Tensor, type HostTensor } from "./host-tensor.ts";
export { liveSessionCount, openSession, type Session } from "./session.ts";
export { type SessionOptions } from "./session-options.ts";
