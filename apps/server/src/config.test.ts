/** @file Options, environment variables and the errors for wrong ones. */
import { resolve } from "node:path";
import { expect, test, vi } from "vitest";
import { DEFAULT_CONFIG, parseConfig } from "./config.ts";

test("without options and variables the defaults apply: this machine only, the repository as data folder", () => {
  expect(parseConfig([], {})).toEqual(DEFAULT_CONFIG);
  expect(DEFAULT_CONFIG).toMatchObject({ port: 7860, host: "127.0.0.1", device: "cpu", auth: null });
});

test("options win over variables", () => {
  const env = { LEXEME_PORT: "1000", LEXEME_DATA_DIR: "/data", LEXEME_DEVICE: "webgpu", LEXEME_ALLOW_DIR: "/a, /b" };
  expect(parseConfig(["--", "--port", "2000", "--threads=3"], env)).toMatchObject({
    port: 2000,
    dataDir: resolve("/data"),
    device: "webgpu",
    threads: 3,
    allowDirs: [resolve("/a"), resolve("/b")],
  });
  expect(parseConfig(["--allow-dir", "/x", "--allow-dir", "/y"], env)?.allowDirs).toEqual([
    resolve("/x"),
    resolve("/y"),
  ]);
});

test("other machines are let in only with a password or with --no-auth", () => {
  expect(() => parseConfig(["--host", "0.0.0.0"], {})).toThrow("add --auth user:password, or --no-auth");
  expect(parseConfig(["--host", "0.0.0.0", "--auth", "ada:a:b"], {})?.auth).toEqual({ user: "ada", password: "a:b" });
  expect(parseConfig(["--host", "0.0.0.0", "--no-auth"], {})).toMatchObject({ host: "0.0.0.0", auth: null });
  expect(parseConfig(["--host", "0.0.0.0"], { LEXEME_NO_AUTH: "1" })?.auth).toBeNull();
  expect(parseConfig([], { LEXEME_HOST: "0.0.0.0", LEXEME_AUTH: "a:1" })?.auth).toEqual({ user: "a", password: "1" });
});

test("the command line's options for the password win over the variables", () => {
  const env = { LEXEME_AUTH: "a:1", LEXEME_NO_AUTH: "1" };
  expect(parseConfig(["--auth", "ada:2"], env)?.auth).toEqual({ user: "ada", password: "2" });
  expect(parseConfig(["--host", "0.0.0.0", "--no-auth"], env)?.auth).toBeNull();
  expect(() => parseConfig([], env)).toThrow("LEXEME_AUTH and LEXEME_NO_AUTH exclude each other");
});

test("A1111's API is served unless told otherwise, with A1111's form of users and passwords", () => {
  expect(parseConfig(["--api"], {})).toMatchObject({ api: true, apiAuth: [] });
  expect(parseConfig(["--no-api"], {})?.api).toBe(false);
  expect(parseConfig(["--api-auth", "ada:1, bob:2"], {})?.apiAuth).toEqual([
    { user: "ada", password: "1" },
    { user: "bob", password: "2" },
  ]);
  for (const text of ["ada", "ada:1:2", ":1", "ada:", "ada:1,"]) {
    expect(() => parseConfig(["--api-auth", text], {})).toThrow("each with exactly one colon");
  }
  for (const text of ["*", "a.example", "https://a.example/page", "file:///a"]) {
    expect(() => parseConfig(["--cors-allow-origins", text], {})).toThrow("takes addresses such as");
  }
  for (const text of [".*", "https://.*", "https?://.*(:[0-9]+)?", "null|https://a\\.example"]) {
    expect(() => parseConfig(["--cors-allow-origins-regex", text], {})).toThrow("fits every site");
  }
  expect(() => parseConfig(["--cors-allow-origins-regex", "https://("], {})).toThrow("check the brackets");
});

test("every option has its variable", () => {
  const env = {
    LEXEME_PORT: "1",
    LEXEME_HOST: "127.0.0.2",
    LEXEME_DATA_DIR: "/data",
    LEXEME_DEVICE: "CUDA",
    LEXEME_THREADS: "3",
    LEXEME_AUTH: "a:b",
    LEXEME_API_AUTH: "bot:1,bat:2",
    LEXEME_CORS_ALLOW_ORIGINS_REGEX: "https://.*\\.a\\.example",
    LEXEME_NO_API: "1",
    LEXEME_CORS_ALLOW_ORIGINS: "https://a.example/, http://b.example:3000",
    LEXEME_ALLOW_DIR: "/x,/y",
    LEXEME_ALLOW_HOST: "Box.lan",
    LEXEME_TRUST_PROXY: "127.0.0.1, 10.0.0.0/8",
    LEXEME_LOG_LEVEL: "debug",
    LEXEME_MEMORY: "6",
  };
  expect(parseConfig([], env)).toEqual({
    port: 1,
    host: "127.0.0.2",
    dataDir: resolve("/data"),
    device: "cuda",
    threads: 3,
    memoryBytes: 6e9,
    auth: { user: "a", password: "b" },
    api: false,
    apiAuth: [
      { user: "bot", password: "1" },
      { user: "bat", password: "2" },
    ],
    corsAllowOrigins: ["https://a.example", "http://b.example:3000"],
    corsAllowOriginsRegex: /^(?:https:\/\/.*\.a\.example)$/u,
    allowDirs: [resolve("/x"), resolve("/y")],
    allowHosts: ["box.lan"],
    trustedProxies: ["127.0.0.1", "10.0.0.0/8"],
    logLevel: "debug",
  });
});

test("--help names every option and how to give it", () => {
  const said = vi.spyOn(console, "info").mockImplementation(() => undefined);
  expect(parseConfig(["--help"], {})).toBeNull();
  const text = said.mock.calls.flat().join("\n");
  said.mockRestore();
  for (const name of "port host data-dir device threads auth no-auth allow-dir allow-host trust-proxy log-level".split(
    " ",
  ))
    expect(text).toContain(`--${name} `);
  expect(text).toContain("npm start -- [options]");
  expect(text).toContain("LEXEME_DATA_DIR");
  // A password in the arguments can be read by every user of the machine.
  expect(text).toMatch(/--auth .*\(ps\).*LEXEME_AUTH/u);
  expect(text).not.toContain("default: true");
});

test.each([
  [["--port", "70000"], "--port must be a whole number from 0 to 65535"],
  [["--port"], /--port/],
  [["--device", "gpu"], "--device must be one of cpu"],
  [["--auth", "ada"], "--auth must be user:password"],
  [["--auth"], "--auth needs a value"],
  [["--auth", "--port", "1"], "--auth needs a value"],
  [["--auth", "a:b", "--no-auth"], "exclude each other"],
  [["--trust-proxy", "proxy.lan"], "--trust-proxy takes addresses"],
  [["--trust-proxy", "10.0.0.0/99"], "--trust-proxy takes addresses"],
  [["--prot", "1"], "There is no option --prot"],
  [["7860"], '"7860" is not an option'],
  [["--port", "1", "--port", "2"], "--port was given 2 times"],
])("%j is refused with a sentence", (argv, message) => {
  expect(() => parseConfig(argv, {})).toThrow(message);
});

test("memory is given in gigabytes", () => {
  expect(parseConfig(["--memory", "7.5"], {})?.memoryBytes).toBe(7.5e9);
  for (const text of ["0", "-1", "lots"]) {
    expect(() => parseConfig([`--memory=${text}`], {})).toThrow("--memory must be a number of gigabytes");
  }
});
