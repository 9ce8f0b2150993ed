/** @file The program's version, from this package's manifest. */
import manifest from "../package.json" with { type: "json" };

export const PROGRAM_VERSION: string = manifest.version;
