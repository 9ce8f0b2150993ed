export { NotebookSchema, type NearWord, type Notebook, type NotebookVector } from "./notebook.ts";
