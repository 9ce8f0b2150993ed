import { expect, test } from "vitest";
import { explainBuildFailure } from "../scripts/setup/build-web.mjs";
import { explainInstallFailure, pnpmFits } from "../scripts/setup/install-dependencies.mjs";
import { checkNodeVersion } from "../scripts/setup/node-version.mjs";

test.each(["20.19.0", "20.20.2", "22.0.0", "24.21.0"])("Node %s is new enough", (version) => {
  expect(() => checkNodeVersion(version)).not.toThrow();
});

test.each(["18.20.4", "20.9.0", "20.18.3"])(
  "Node %s is refused, and the error names the required version",
  (version) => {
    expect(() => checkNodeVersion(version)).toThrow(`This is Node ${version}, but Lexeme needs Node 20.19 or newer`);
  },
);

test.each([
  ["10.34.9", true],
  ["10.40.0", true],
  ["10.34.8", false],
  ["9.15.0", false],
  ["11.2.0", false],
  ["", false],
  ["'pnpm' is not recognized as an internal or external command", false],
])("a pnpm on PATH that says %j is used: %s", (version, expected) => {
  expect(pnpmFits(version)).toBe(expected);
});

test.each([
  ["npm error code ENOTFOUND", /Cannot reach the npm registry/],
  ["WARN GET https://registry.example/x error (ECONNREFUSED)", /Cannot reach the npm registry/],
  ["ERR_PNPM_ENOSPC ENOSPC: no space left on device", /The disk is full/],
  ["EACCES: permission denied, mkdir", /Cannot write to/],
  ["ERR_PNPM_OUTDATED_LOCKFILE Cannot install", /package\.json has changed since the lockfile/],
  ["SELF_SIGNED_CERT_IN_CHAIN", /certificate is not trusted/],
  ["something else", /something else\n\nInstalling dependencies failed/],
])("an install that ends with %j is explained", (output, expected) => {
  expect(explainInstallFailure(output)).toMatch(expected);
});

test.each([
  [
    "Error: EACCES: permission denied, open '/opt/lexeme/apps/web/node_modules/.vite-temp/x'",
    /run as the folder's owner/,
  ],
  ["ENOSPC: no space left on device, write", /because the disk is full: free some space/],
  ["src/a.tsx: Unexpected token", /Unexpected token\nBuilding the page failed/],
])("a build that ends with %j is explained", (output, expected) => {
  expect(explainBuildFailure(output)).toMatch(expected);
});
