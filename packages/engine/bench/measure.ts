/** @file Runs one measurement in a separate process at the worker's priority, and prints one line of JSON. Started by `main.ts`. */
import { constants, setPriority } from "node:os";
import { measure, type Measurement } from "./measurements.ts";

const [name = "", checkpointPath = "", threads = ""] = process.argv.slice(2);
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
const result = await measure(name as Measurement, { checkpointPath, threads: Number(threads) });
process.stdout.write(`${JSON.stringify(result)}\n`);
