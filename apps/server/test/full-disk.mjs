/** @file Loaded into the worker by tests: writing into a folder that holds a file ".disk-is-full" fails as on a full disk. */
import { existsSync } from "node:fs";
import promises from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { dirname, join } from "node:path";

const { open } = promises;

/** @type {typeof open} */
promises.open = async (path, ...how) => {
  const handle = await open(path, ...how);
  if (existsSync(join(dirname(String(path)), ".disk-is-full"))) {
    handle.writeFile = () =>
      Promise.reject(Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" }));
  }
  return handle;
};
syncBuiltinESMExports();
