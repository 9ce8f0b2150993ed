/** @file Calls the server's HTTP routes by their names in the protocol's table. Answers are typed, not parsed: both ends are ours. */
import { LexemeError } from "@lexeme/core";
import { ROUTES, WireErrorSchema, fromWireError, type Route, type RouteName } from "@lexeme/protocol";
import type { z } from "zod";

type Part<N extends RouteName, P extends "params" | "query" | "body"> = (typeof ROUTES)[N] extends {
  [K in P]: infer S extends z.ZodType;
}
  ? { [K in P]: z.input<S> }
  : unknown;

/** The input of a route: path parameters, query and body, each only if the route has it. */
export type CallInput<N extends RouteName> = Part<N, "params"> & Part<N, "query"> & Part<N, "body">;

/** The answer of a route. */
export type CallOutput<N extends RouteName> = (typeof ROUTES)[N] extends { response: infer S extends z.ZodType }
  ? z.output<S>
  : never;

interface AnyInput {
  params?: Record<string, string>;
  query?: Record<string, string | number | boolean | undefined>;
  body?: unknown;
}

let onSignInNeeded: () => void = () => undefined;

/** Sets what happens when the server answers 401. */
export function setSignInNeeded(handler: () => void): void {
  onSignInNeeded = handler;
}

/** Calls a route and gives its answer; throws the server's LexemeError, or one of our own when the server cannot be reached. */
export async function call<N extends RouteName>(
  name: N,
  input: CallInput<N>,
  options: { signal?: AbortSignal; keepalive?: boolean } = {},
): Promise<CallOutput<N>> {
  const route: Route = ROUTES[name];
  const { body } = input as AnyInput;
  const response = await send(routeUrl(name, input), {
    method: route.method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    ...options,
  });
  if (response.ok) return (await response.json()) as CallOutput<N>;
  throw await errorOf(response, name);
}

/** The address of a route with its parameters filled in. */
export function routeUrl<N extends RouteName>(name: N, input: CallInput<N>): string {
  const { params = {}, query = {} } = input as AnyInput;
  const path = ROUTES[name].path.replaceAll(/:(\w+)/g, (_, key: string) => encodeURIComponent(params[key] ?? ""));
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined) search.set(key, String(value));
  const text = search.toString();
  return text === "" ? path : `${path}?${text}`;
}

/** Address of a picture inside the server's roots, at its full size. */
export function fileUrl(path: string): string {
  return routeUrl("getFile", { query: { path } });
}

/** Address of a small version of a picture, at most `size` pixels a side. */
export function thumbnailUrl(path: string, size = 256): string {
  return routeUrl("getThumbnail", { query: { path, size } });
}

/** Sends a multipart form to a route and gives its answer; throws the errors of `call`. */
export async function uploadForm<N extends RouteName>(
  name: N,
  form: FormData,
  { query = {}, ...options }: { signal?: AbortSignal; query?: Record<string, string | boolean> } = {},
): Promise<CallOutput<N>> {
  const url = routeUrl(name, { query } as unknown as CallInput<N>);
  const response = await send(url, { method: "POST", body: form, ...options });
  if (response.ok) return (await response.json()) as CallOutput<N>;
  throw await errorOf(response, name);
}

/** Uploads pictures into a new folder, or adds them to the upload `into`; `onProgress` gets the part sent, 0 to 1. */
export function uploadPictures(
  files: readonly File[],
  { into, onProgress }: { into: string | null; onProgress: (part: number) => void },
): Promise<CallOutput<"uploadPictures">> {
  const form = new FormData();
  for (const file of files) form.append("pictures", file, file.name);
  return new Promise((resolve, reject) => {
    // fetch cannot tell how much of a body was sent.
    const request = new XMLHttpRequest();
    request.open("POST", routeUrl("uploadPictures", { query: into === null ? {} : { into } }));
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    });
    request.addEventListener("error", () => reject(unreachable()));
    request.addEventListener("load", () => {
      const response = new Response(request.responseText, { status: request.status });
      if (response.ok) resolve(JSON.parse(request.responseText) as CallOutput<"uploadPictures">);
      else errorOf(response, "uploadPictures").then(reject, reject);
    });
    request.send(form);
  });
}

async function send(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { credentials: "same-origin", ...init });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw unreachable(error);
  }
}

async function errorOf(response: Response, name: RouteName): Promise<LexemeError> {
  if (response.status === 401 && name !== "signIn") onSignInNeeded();
  const body: unknown = await response.json().catch(() => null);
  const wire = WireErrorSchema.safeParse(body);
  if (wire.success) return fromWireError(wire.data);
  return new LexemeError(
    "SERVER_ANSWER_UNREADABLE",
    `The server answered ${response.status} without saying why; its log has the details`,
  );
}

function unreachable(cause?: unknown): LexemeError {
  return new LexemeError("SERVER_UNREACHABLE", "The server does not answer; is Lexeme still running?", { cause });
}
