/** @file Loaded into a server: its clock differs from the machine's by the milliseconds in the file that LEXEME_TEST_CLOCK names. */
import { readFileSync } from "node:fs";

const path = process.env["LEXEME_TEST_CLOCK"] ?? "";
const { now } = Date;
const MachineDate = Date;
let offsetMs = 0;
setInterval(() => (offsetMs = Number(readFileSync(path, "utf8"))), 20).unref();

Date.now = () => now() + offsetMs;
globalThis.Date = new Proxy(MachineDate, {
  construct: (target, args) => Reflect.construct(target, args.length === 0 ? [now() + offsetMs] : args),
  apply: () => new MachineDate(now() + offsetMs).toString(),
});
