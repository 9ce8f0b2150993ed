/** @file Short functions for the page's requests to the server. */
import type { TestApp } from "./test-app.ts";

/** Requests to the app that exists when a request is sent. */
export function requestsTo(app: () => TestApp) {
  return {
    /** The answer's JSON; throws for any status but 200. */
    // eslint-disable-next-line typescript/no-explicit-any -- tests check answers piece by piece.
    get: async (url: string): Promise<any> => {
      const response = await app().server.inject(url);
      if (response.statusCode !== 200) throw new Error(`${url}: ${response.statusCode} ${response.body}`);
      return response.json();
    },
    send: (method: "POST" | "PUT" | "DELETE", url: string, payload?: object) =>
      app().server.inject({ method, url, ...(payload === undefined ? {} : { payload }) }),
  };
}

/** Adds an embedding's file as the page does for a dropped file. */
export function dropEmbedding(
  { server }: Pick<TestApp, "server">,
  { filename, content, query = {} }: { filename: string; content: Uint8Array; query?: Record<string, string> },
) {
  const head = `--b\r\nContent-Disposition: form-data; name="embedding"; filename="${filename}"\r\n\r\n`;
  return server.inject({
    method: "POST",
    url: "/api/embeddings/import",
    query,
    headers: { "content-type": "multipart/form-data; boundary=b" },
    payload: Buffer.concat([Buffer.from(head), content, Buffer.from("\r\n--b--\r\n")]),
  });
}
