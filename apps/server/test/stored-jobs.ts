/** @file Rows of the job table as an earlier server left them, written while no server runs. */
import type { SQL } from "drizzle-orm";
import { dataFolders } from "../src/data-folder.ts";
import { openDatabase } from "../src/jobs/store/database.ts";
import { jobTable } from "../src/jobs/store/job-table.ts";

type Row = Record<string, unknown>;

/** A request for a picture. */
export function picture(prompt: string, more: object = {}) {
  return { kind: "txt2img", settings: { prompt, ...more } };
}

/** Ids in the order of their numbers. */
export function rowId(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

/** Writes rows of an earlier server, or broken rows; queued jobs unless `rowOf` changes the state. Returns their ids. */
export async function addRows(
  dataDir: string,
  { count, firstId = 0 }: { count: number; firstId?: number },
  rowOf: (i: number) => Row,
): Promise<string[]> {
  const rows = Array.from({ length: count }, (_, i) => {
    const row = { id: rowId(firstId + i), state: "queued", lane: "device", request: picture("done"), ...rowOf(i) };
    return { ...EMPTY_ROW, ...row, kind: (row.request as { kind: string }).kind };
  });
  const { database } = dataFolders(dataDir);
  const opened = await openDatabase(database);
  for (let i = 0; i < count; i += 1000) await opened.orm.insert(jobTable).values(rows.slice(i, i + 1000) as never);
  await opened.close();
  return rows.map(({ id }) => id);
}

const EMPTY_ROW = {
  title: "",
  checkpoint: null,
  options: {},
  delivery: "keep",
  createdAt: 0,
  position: 0,
  attempt: 1,
  stopping: false,
  first: false,
  results: { artifacts: [], warnings: [] },
  logTail: [],
};

/** Changes the database of a stopped server. */
export async function change(dataDir: string, statement: SQL): Promise<void> {
  const opened = await openDatabase(dataFolders(dataDir).database);
  await opened.orm.execute(statement);
  await opened.close();
}

/** The ids of all rows. */
export async function rowsOf(dataDir: string): Promise<{ id: string }[]> {
  const opened = await openDatabase(dataFolders(dataDir).database);
  const rows = await opened.orm.select({ id: jobTable.id }).from(jobTable);
  await opened.close();
  return rows;
}
