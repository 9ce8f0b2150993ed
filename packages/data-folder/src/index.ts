export { ifAbsent, isAbsent } from "./absence.ts";
export { makeFolder, writeWholeFile } from "./whole-file.ts";
