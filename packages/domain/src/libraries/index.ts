export { LIBRARY_NAMES, type LibraryName } from "./library-names.ts";
