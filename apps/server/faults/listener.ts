/** @file A page's socket as a trial uses it: reads all events, or reads nothing. */
import WebSocket from "ws";
import { EVENTS_PATH } from "@lexeme/protocol";

export class Listener {
  readonly #socket: WebSocket;
  readonly #waiting = new Set<(message: string) => void>();
  messages = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("error", () => socket.terminate());
    socket.on("message", (bytes: Buffer) => {
      this.messages++;
      const text = bytes.toString("utf8");
      for (const hear of this.#waiting) hear(text);
    });
  }

  /** Throws an Error if the server refuses the socket. */
  static async open(url: string): Promise<Listener> {
    const socket = new WebSocket(`${url.replace("http", "ws")}${EVENTS_PATH}`, { headers: { origin: url } });
    const listener = new Listener(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once("open", resolve);
      socket.once("close", () => reject(new Error("the server closed the socket")));
    });
    return listener;
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  /** Stops reading, as a page does whose computer sleeps; the system still answers pings of TCP. */
  stopReading(): void {
    this.#socket.pause();
  }

  /** Whether a message that fits comes within the limit. */
  async sees(fits: (message: string) => boolean, limitMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const hear = (message: string): void => {
        if (fits(message)) end(true);
      };
      const timer = setTimeout(() => end(false), limitMs);
      const end = (isSeen: boolean): void => {
        clearTimeout(timer);
        this.#waiting.delete(hear);
        resolve(isSeen);
      };
      this.#waiting.add(hear);
    });
  }

  close(): void {
    this.#socket.terminate();
  }
}
