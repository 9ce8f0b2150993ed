/** @file The server's configuration: from the command line, then the environment (`LEXEME_PORT`, …), then defaults. */
import { LexemeError } from "@lexeme/core";
import { isIPv4 } from "node:net";
import { totalmem } from "node:os";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { usableBytes } from "@lexeme/domain/memory";
import { DEVICES, type Device } from "@lexeme/domain/jobs";
import { cac } from "cac";

import { TrustedProxies } from "./plugins/trusted-proxies.ts";
import { PROGRAM_VERSION } from "./version.ts";

const OPTIONS = [
  "port",
  "host",
  "dataDir",
  "device",
  "threads",
  "memory",
  "auth",
  "api",
  "apiAuth",
  "corsAllowOrigins",
  "corsAllowOriginsRegex",
  "allowDir",
  "allowHost",
  "trustProxy",
  "logLevel",
];
const LOG_LEVELS = ["silent", "error", "warn", "info", "debug"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface Credentials {
  user: string;
  password: string;
}

export interface ServerConfig {
  port: number;
  host: string;
  dataDir: string;
  device: Device;
  /** Threads of the device worker; null lets the worker choose. */
  threads: number | null;
  /** The memory that jobs may use, in bytes. Jobs are planned for this limit. */
  memoryBytes: number;
  auth: Credentials | null;
  /** Whether A1111's API is served, under /sdapi and /internal. */
  api: boolean;
  /** Users of A1111's API in addition to the user of `auth`; if empty, only `auth` is checked. */
  apiAuth: Credentials[];
  /** Other sites whose pages may use A1111's API in a browser: "https://name" or "http://name:port". */
  corsAllowOrigins: string[];
  /** A pattern of the whole origin of such sites. */
  corsAllowOriginsRegex: RegExp | null;
  /** More folders in which pictures may be read and written. */
  allowDirs: string[];
  /** More host names under which a page may reach the server. */
  allowHosts: string[];
  /** Addresses and networks of proxies that name the visitor in `X-Forwarded-For`. */
  trustedProxies: string[];
  logLevel: LogLevel;
}

const REPOSITORY = fileURLToPath(new URL("../../..", import.meta.url));

export const DEFAULT_CONFIG: ServerConfig = {
  port: 7860,
  host: "127.0.0.1",
  dataDir: resolve(REPOSITORY),
  device: "cpu",
  threads: null,
  memoryBytes: usableBytes(machineMemory()),
  auth: null,
  api: true,
  apiAuth: [],
  corsAllowOrigins: [],
  corsAllowOriginsRegex: null,
  allowDirs: [],
  allowHosts: [],
  trustedProxies: [],
  logLevel: "warn",
};

/** The configuration, or `null` after printing the answer to `--help` or `--version`. Throws LexemeError `OPTION_MALFORMED` or `AUTH_NEEDED`. */
export function parseConfig(argv: readonly string[], env: NodeJS.ProcessEnv): ServerConfig | null {
  const cli = cac("lexeme");
  cli.option("--port <number>", "Port to listen on (default: 7860)");
  cli.option("--host <address>", "Address to listen on; 0.0.0.0 for all (default: 127.0.0.1)");
  cli.option(
    "--data-dir <folder>",
    "Folder with models, embeddings and outputs, laid out like A1111's (default: the repository)",
  );
  cli.option("--device <name>", `Device to compute on: ${DEVICES.join(", ")} (default: cpu)`);
  cli.option("--threads <number>", "Threads for computing (default: chosen for the machine)");
  cli.option("--memory <gigabytes>", "Memory that drawing and training may take (default: most of the machine's)");
  cli.option(
    "--auth <user:password>",
    "Ask for this user and password; others on this machine can read arguments (ps), LEXEME_AUTH hides them",
  );
  cli.option("--no-auth", "Serve other machines without a password");
  cli.option(
    "--api-auth <user:password>",
    "User and password for programs that use A1111's API; separate several by commas; LEXEME_API_AUTH hides them",
  );
  cli.option("--no-api", "Do not serve A1111's API");
  cli.option(
    "--cors-allow-origins <origins>",
    "Other sites whose pages may use A1111's API; separate several by commas",
  );
  cli.option("--cors-allow-origins-regex <pattern>", "A pattern for such sites; the whole origin must match");
  cli.option("--allow-dir <folder>", "Another folder in which pictures may be read and written; may be repeated");
  cli.option("--allow-host <name>", "Another host name under which the page is reached; may be repeated");
  cli.option(
    "--trust-proxy <address>",
    "Address or network of a proxy whose X-Forwarded-For is believed; may be repeated",
  );
  cli.option("--log-level <level>", `How much to log: ${LOG_LEVELS.join(", ")} (default: warn)`);
  cli.help((sections) => [
    { body: `Lexeme ${PROGRAM_VERSION}` },
    { title: "Usage", body: "  npm start -- [options]" },
    // cac reads "--no-auth" and "--no-api" as switches with the default true, and prints this default.
    ...sections
      .filter(({ title }) => title === "Options")
      .map(({ body }) => ({ title: "Options", body: body.replaceAll(/ +\(default: true\)/g, "") })),
    {
      title: "Environment",
      body: "  Every option can be given as a variable: LEXEME_PORT, LEXEME_DATA_DIR, LEXEME_NO_AUTH=1, …",
    },
  ]);
  cli.version(PROGRAM_VERSION);
  // Package managers can leave a "--" before the options that they pass on.
  const given = argv.filter((argument, index) => !(argument === "--" && index === 0));
  const { options, args } = cli.parse(["node", "lexeme", ...given]);
  if (options["help"] || options["version"]) return null;
  refuseUnknown(options, args);
  const value = optionReader(options, env);
  const noAuth = isWithoutAuth(options, { given, env });
  const config: ServerConfig = {
    port: integerOf(value("port"), { option: "--port", min: 0, max: 65_535 }) ?? DEFAULT_CONFIG.port,
    host: value("host") ?? DEFAULT_CONFIG.host,
    dataDir: resolve(value("data-dir") ?? DEFAULT_CONFIG.dataDir),
    device: oneOf(DEVICES, value("device"), "--device") ?? DEFAULT_CONFIG.device,
    threads: integerOf(value("threads"), { option: "--threads", min: 1, max: 1024 }) ?? null,
    memoryBytes: memoryOf(value("memory")) ?? DEFAULT_CONFIG.memoryBytes,
    auth: noAuth ? null : authOf(value("auth")),
    // A1111 serves its API only with --api. Here --api is accepted and has no effect.
    api: options["api"] !== false && !isYes(env["LEXEME_NO_API"]),
    apiAuth: apiAuthOf(value("api-auth")),
    corsAllowOrigins: originsOf(value("cors-allow-origins")),
    corsAllowOriginsRegex: originPatternOf(value("cors-allow-origins-regex")),
    allowDirs: listOf(options["allowDir"], env["LEXEME_ALLOW_DIR"]).map((folder) => resolve(folder)),
    allowHosts: listOf(options["allowHost"], env["LEXEME_ALLOW_HOST"]).map((host) => host.toLowerCase()),
    trustedProxies: proxiesOf(listOf(options["trustProxy"], env["LEXEME_TRUST_PROXY"])),
    logLevel: oneOf(LOG_LEVELS, value("log-level"), "--log-level") ?? DEFAULT_CONFIG.logLevel,
  };
  if (!isLocalHost(config.host) && config.auth === null && !noAuth) {
    throw new LexemeError(
      "AUTH_NEEDED",
      `With --host ${config.host} other machines can reach Lexeme: add --auth user:password, or --no-auth if everyone on that network may use it`,
    );
  }
  return config;
}

/** True for addresses that only this machine can reach. */
export function isLocalHost(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIPv4(host) && host.startsWith("127."));
}

/** The name in a Host header: "[::1]:7860" is "::1"; "box.lan:80" is "box.lan". */
export function hostName(host: string): string {
  const [, bracketed, plain] = /^(?:\[([^\]]*)\]|([^:]*))(?::\d+)?$/.exec(host) ?? [];
  return bracketed ?? plain ?? "";
}

/** True when the command line has `--no-auth`, or when the environment has it and the command line says nothing about sign-in. */
function isWithoutAuth(
  { auth }: Record<string, unknown>,
  { given, env }: { given: readonly string[]; env: NodeJS.ProcessEnv },
): boolean {
  const isOff = given.includes("--no-auth");
  const isOn = given.some((argument) => argument === "--auth" || argument.startsWith("--auth="));
  if (isOn && isOff) throw malformed("--auth and --no-auth exclude each other: give one of them");
  if (isOn && typeof auth !== "string") throw malformed("--auth needs a value: user:password");
  if (isOn || isOff) return isOff;
  if (!isYes(env["LEXEME_NO_AUTH"])) return false;
  if (env["LEXEME_AUTH"]) throw malformed("LEXEME_AUTH and LEXEME_NO_AUTH exclude each other: set one of them");
  return true;
}

function optionReader(options: Record<string, unknown>, env: NodeJS.ProcessEnv) {
  return (name: string): string | undefined => {
    const camel = name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
    const given = options[camel];
    if (Array.isArray(given)) throw malformed(`--${name} was given ${given.length} times: give it once`);
    if (given === true && name !== "auth") throw malformed(`--${name} needs a value`);
    // cac keeps "1:2" and "007" as text, and converts plain numbers to numbers.
    if (typeof given === "string" || typeof given === "number") return String(given);
    return env[`LEXEME_${name.replaceAll("-", "_").toUpperCase()}`] || undefined;
  };
}

function refuseUnknown(options: Record<string, unknown>, args: readonly string[]): void {
  const known = new Set(
    ["--", ...OPTIONS].flatMap((name) => [name, name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)]),
  );
  const unknown = Object.keys(options).find((name) => !known.has(name));
  if (unknown !== undefined) throw malformed(`There is no option --${unknown}: --help lists them all`);
  if (args.length > 0) throw malformed(`"${args[0]}" is not an option: --help lists them all`);
}

function integerOf(text: string | undefined, range: { option: string; min: number; max: number }): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (Number.isInteger(number) && number >= range.min && number <= range.max) return number;
  throw malformed(`${range.option} must be a whole number from ${range.min} to ${range.max}, not "${text}"`);
}

/** The memory of the machine, or the container's limit if it is lower, in bytes. */
function machineMemory(): number {
  const constrained = process.constrainedMemory();
  return constrained !== undefined && constrained > 0 ? Math.min(totalmem(), constrained) : totalmem();
}

function memoryOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const gigabytes = Number(text);
  if (gigabytes > 0 && Number.isFinite(gigabytes)) return gigabytes * 1e9;
  throw malformed(`--memory must be a number of gigabytes, such as 8 or 4.5, not "${text}"`);
}

function oneOf<T extends string>(choices: readonly T[], text: string | undefined, option: string): T | undefined {
  if (text === undefined) return undefined;
  const choice = choices.find((name) => name === text.toLowerCase());
  if (choice === undefined) throw malformed(`${option} must be one of ${choices.join(", ")}, not "${text}"`);
  return choice;
}

function authOf(text: string | undefined): ServerConfig["auth"] {
  if (text === undefined) return null;
  const colon = text.indexOf(":");
  if (colon < 1 || colon === text.length - 1)
    throw malformed("--auth must be user:password, with text on both sides of the colon");
  return { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** A1111's form: entries separated by commas, each with exactly one colon. */
function apiAuthOf(text: string | undefined): Credentials[] {
  if (text === undefined) return [];
  return text.split(",").map((entry) => {
    const [user = "", password = "", ...more] = entry.trim().split(":");
    if (user === "" || password === "" || more.length > 0) {
      throw malformed(
        "--api-auth must be user:password, or several of them separated by commas, each with exactly one colon",
      );
    }
    return { user, password };
  });
}

/** "*" is refused, because it would open the API to every page in this machine's browser. */
function originsOf(text: string | undefined): string[] {
  return listOf(undefined, text).map((entry) => {
    const url = URL.canParse(entry) ? new URL(entry) : undefined;
    if (url === undefined || !/^https?:$/u.test(url.protocol) || url.pathname !== "/") {
      throw malformed(`--cors-allow-origins takes addresses such as https://name or http://name:3000, not "${entry}"`);
    }
    return url.origin;
  });
}

/** As in A1111, the pattern must match the whole origin. A pattern that matches an address that nobody has would open the API to every page, so it is refused. */
function originPatternOf(text: string | undefined): RegExp | null {
  if (text === undefined) return null;
  const pattern = patternOf(text);
  if (pattern === undefined) {
    throw malformed(`--cors-allow-origins-regex is not a regular expression: check the brackets of "${text}"`);
  }
  if (["https://nobody.invalid", "http://nobody.invalid:1", "null"].some((origin) => pattern.test(origin))) {
    throw malformed(
      `--cors-allow-origins-regex "${text}" fits every site: name your sites, such as https://.*\\.name\\.org`,
    );
  }
  return pattern;
}

function patternOf(text: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${text})$`, "u");
  } catch {
    return undefined;
  }
}

function proxiesOf(ranges: string[]): string[] {
  try {
    void new TrustedProxies(ranges);
    return ranges;
  } catch {
    throw malformed(
      `--trust-proxy takes addresses and networks such as 127.0.0.1 or 10.0.0.0/8, not "${ranges.join(", ")}"`,
    );
  }
}

/** Options may be repeated; variables are separated by commas. */
function listOf(given: unknown, variable: string | undefined): string[] {
  const values = given === undefined ? (variable ?? "").split(",") : [given].flat().map(String);
  return values.map((text) => text.trim()).filter((text) => text !== "");
}

function isYes(text: string | undefined): boolean {
  return text !== undefined && /^(1|true|yes|on)$/i.test(text);
}

function malformed(message: string) {
  return new LexemeError("OPTION_MALFORMED", message);
}
