/** @file Joins the socket to the stores and the lists; started once by the page. */
import { applyEvents, applySnapshot } from "./jobs.ts";
import { connectionStore, setSocketState } from "./connection.ts";
import { setSignInNeeded } from "../api/client.ts";
import { queryClient, refresh, refreshFor } from "../api/queries.ts";
import { openEventsSocket, type EventsSocket } from "../api/socket.ts";

let socket: EventsSocket | null = null;

/** Connects to the server's events and keeps everything fresh from then on. */
export function startLive(): void {
  setSignInNeeded(() => connectionStore.setState({ signInNeeded: true }));
  connect();
  const retry = (): void => socket?.retryNow();
  globalThis.addEventListener("online", retry);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") retry();
  });
}

/** After a sign-in: connects again and fetches everything that was refused before. */
export function resumeLive(): void {
  connectionStore.setState({ signInNeeded: false });
  connect();
  void queryClient.invalidateQueries();
}

/** Tries the server again at once. */
export function retryLive(): void {
  socket?.retryNow();
}

function connect(): void {
  socket?.close();
  socket = openEventsSocket({
    onSnapshot: (jobs, unlisted) => {
      applySnapshot(jobs, unlisted);
      // The lists may have changed while no events came.
      void queryClient.invalidateQueries();
    },
    onEvents: (events) => {
      applyEvents(events);
      events.forEach(refreshFor);
    },
    onState: (state) => {
      setSocketState(state);
      // A refused socket does not say why; an ordinary call does (401 asks for a sign-in).
      if (state === "lost") void refresh("getSystem");
    },
    onOutdated: () => connectionStore.setState({ outdated: true }),
  });
}
