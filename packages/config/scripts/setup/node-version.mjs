/** @file Refuses a version of Node that is too old, before it can fail with a confusing error. */
import { SetupError } from "./setup-error.mjs";

/** 20.19 is the first Node 20 that can `require` an ES module, which some dependencies do. */
const MINIMUM = [20, 19];

/**
 * @param {string} version as `process.versions.node` gives it
 * @throws {SetupError} when the version is below the minimum
 */
export function checkNodeVersion(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [minimumMajor = 0, minimumMinor = 0] = MINIMUM;
  if (major > minimumMajor || (major === minimumMajor && minor >= minimumMinor)) return;
  throw new SetupError(
    `This is Node ${version}, but Lexeme needs Node ${MINIMUM.join(".")} or newer: install the current LTS from https://nodejs.org and try again`,
  );
}
