/** @file Whether the server can be reached, speaks our version of the protocol, and knows who we are. */
import { useStore } from "zustand";
import { createStore, type StoreApi } from "zustand/vanilla";

export interface ConnectionState {
  /** `lost` only once a connection that should be there is not. */
  socket: "connecting" | "open" | "lost";
  /** The server was updated under this page. */
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
