/** @file The permission to read any folder of this machine: given once in the page, only where the server and its one user are on the same machine. */
import type { IncomingHttpHeaders } from "node:http";
import { isIPv4 } from "node:net";
import { rm } from "node:fs/promises";
import { LexemeError } from "@lexeme/core";
import { writeWholeFile } from "@lexeme/data-folder";
import { hostName, isLocalHost, type ServerConfig } from "../config.ts";
import { readJsonFile } from "./options/json-file.ts";

/** A request, as far as it tells where it comes from. */
export interface RequestPlace {
  readonly headers: IncomingHttpHeaders;
  /** The other end of the connection. */
  readonly address: string;
}

/** Proxies add such headers, and a page of this machine sends none of them. */
const FORWARDED = /^(?:forwarded|via|x-real-ip|x-client-ip|x-original-.*|x-forwarded-.*|cf-.*|true-client-ip)$/u;

export type FolderAccessState = "unavailable" | "closed" | "open";

export class FolderAccess {
  readonly #file: string;
  readonly #isPossible: boolean;
  readonly #changed: () => void;
  #isOpen = false;

  private constructor(file: string, { config, changed }: FolderAccessParts) {
    this.#file = file;
    this.#changed = changed;
    this.#isPossible = isForOneUser(config);
  }

  /** Reads the stored permission, which has no effect while other machines, sites or users can reach the server. */
  static async open(file: string, parts: FolderAccessParts): Promise<FolderAccess> {
    const access = new FolderAccess(file, parts);
    const { entries } = await readJsonFile(file);
    access.#isOpen = access.#isPossible && entries["anyFolder"] === true;
    return access;
  }

  /** `unavailable` where the permission cannot be given. */
  get state(): FolderAccessState {
    if (!this.#isPossible) return "unavailable";
    return this.#isOpen ? "open" : "closed";
  }

  /** Gives or withdraws the permission. Throws LexemeError `FOLDER_ACCESS_REFUSED` if the request does not come from this machine itself. */
  async set(isOpen: boolean, place: RequestPlace): Promise<void> {
    if (isOpen && !(this.#isPossible && isFromHere(place))) throw new LexemeError("FOLDER_ACCESS_REFUSED");
    if (isOpen) await writeWholeFile(this.#file, `${JSON.stringify({ anyFolder: true })}\n`, { replace: true });
    else await rm(this.#file, { force: true });
    this.#isOpen = isOpen;
    this.#changed();
  }

  /** Withdraws the permission at the first request from elsewhere: the page has another user then. Called before any other work on a request. */
  async watch(place: RequestPlace): Promise<void> {
    if (!this.#isOpen || isFromHere(place)) return;
    this.#isOpen = false;
    await this.set(false, place);
  }
}

export interface FolderAccessParts {
  readonly config: FolderAccessConfig;
  /** Called when the permission was given or withdrawn. */
  readonly changed: () => void;
}

type FolderAccessConfig = Pick<
  ServerConfig,
  "host" | "auth" | "apiAuth" | "allowHosts" | "trustedProxies" | "corsAllowOrigins" | "corsAllowOriginsRegex"
>;

/** True if neither another machine nor another site nor a proxy is expected to reach the server. */
function isForOneUser(config: FolderAccessConfig): boolean {
  const { auth, corsAllowOriginsRegex, apiAuth, allowHosts, trustedProxies, corsAllowOrigins } = config;
  const others = [...apiAuth, ...allowHosts, ...trustedProxies, ...corsAllowOrigins];
  return isLocalHost(config.host) && auth === null && corsAllowOriginsRegex === null && others.length === 0;
}

/** True for a request over the loopback device, under a local name, that no proxy passed on. */
function isFromHere({ headers, address }: RequestPlace): boolean {
  const plain = address.replace(/^::ffff:/u, "");
  const isLoopback = plain === "::1" || (isIPv4(plain) && plain.startsWith("127."));
  const name = hostName(headers.host?.toLowerCase() ?? "");
  const isLocalName = isLocalHost(name) || name.endsWith(".localhost");
  return isLoopback && isLocalName && !Object.keys(headers).some((header) => FORWARDED.test(header));
}
