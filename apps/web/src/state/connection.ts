/** @file Whether the server can be reached, speaks our version of the protocol, and needs a sign-in. */
import { useStore } from "zustand";
import { createStore, type StoreApi } from "zustand/vanilla";

export interface ConnectionState {
  /** `lost` once a connection ends or cannot be made. */
  socket: "connecting" | "open" | "lost";
  /** The server was updated while this page was open. */
  outdated: boolean;
  signInNeeded: boolean;
}

export const connectionStore: StoreApi<ConnectionState> = createStore(() => ({
  socket: "connecting",
  outdated: false,
  signInNeeded: false,
}));

export function useConnection<T>(select: (state: ConnectionState) => T): T {
  return useStore(connectionStore, select);
}
