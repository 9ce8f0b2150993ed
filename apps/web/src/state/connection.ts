/** @file Whether the server can be reached, since when it cannot, whether it speaks our version of the protocol, and needs a sign-in. */
import { useEffect, useState } from "react";
import { useStore } from "zustand";
import { createStore, type StoreApi } from "zustand/vanilla";

export interface ConnectionState {
  /** `lost` once a connection ends or cannot be made. */
  socket: "connecting" | "open" | "lost";
  /** When the last connection ended, in milliseconds since the epoch: nothing on the page is newer. Null while there is one. */
  lostAt: number | null;
  /** The server was updated while this page was open. */
  outdated: boolean;
  signInNeeded: boolean;
}

/** A shorter loss of the connection is not shown. */
const GRACE_MS = 1500;

export const connectionStore: StoreApi<ConnectionState> = createStore(() => ({
  socket: "connecting",
  lostAt: null,
  outdated: false,
  signInNeeded: false,
}));

export function useConnection<T>(select: (state: ConnectionState) => T): T {
  return useStore(connectionStore, select);
}

/** Takes in a new state of the socket. A further attempt that fails does not change since when the connection is lost. */
export function setSocketState(socket: ConnectionState["socket"], now: number = Date.now()): void {
  connectionStore.setState(({ lostAt }) => ({ socket, lostAt: socket === "lost" ? (lostAt ?? now) : null }));
}

/** When the connection was lost, in milliseconds since the epoch; null while there is one, and for a moment after it ended. */
export function useLostSince(): number | null {
  const lostAt = useConnection((state) => state.lostAt);
  const [shown, setShown] = useState<number | null>(null);
  useEffect(() => {
    if (lostAt === null) return;
    const timer = setTimeout(() => setShown(lostAt), lostAt + GRACE_MS - Date.now());
    return () => clearTimeout(timer);
  }, [lostAt]);
  return shown === lostAt ? lostAt : null;
}
