/** @file Runs one measurement in a separate process at the worker's priority, and prints one line of JSON. Started by `main.ts`. */
import { constants, setPriority } from "node:os";
import { FULL_SIDES, type Measurement } from "./measurement.ts";
import { measure } from "./measurements.ts";

const [name = "", checkpointPath = "", threads = ""] = process.argv.slice(2);
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
const result = await measure(name as Measurement, {
  device: "cpu",
  threads: Number(threads),
  checkpointPath,
  sides: FULL_SIDES,
});
process.stdout.write(`${JSON.stringify(result)}\n`);
