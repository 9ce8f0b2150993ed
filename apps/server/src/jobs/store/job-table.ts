/** @file The schema of the job table for drizzle; `migrations/` makes the table. */
import type { JobState, Lane } from "@lexeme/domain/jobs";
import type { Options } from "@lexeme/domain/options";
import type { Job } from "@lexeme/protocol";
import { bigint, boolean, doublePrecision, integer, jsonb, pgTable, text, uuid } from "drizzle-orm/pg-core";
import type { Delivery } from "../delivery.ts";

export const jobTable = pgTable("job", {
  id: uuid().primaryKey(),
  kind: text().notNull(),
  lane: text().$type<Lane>().notNull(),
  state: text().$type<JobState>().notNull(),
  title: text().notNull(),
  request: jsonb().$type<Job["request"]>().notNull(),
  /** Name of the checkpoint that was chosen when the job was queued; null for jobs that need none. */
  checkpoint: text(),
  /** Options that the request overrides for this job alone. */
  options: jsonb().$type<Partial<Options>>().notNull(),
  delivery: text().$type<Delivery>().notNull(),
  createdAt: bigint("created_at", { mode: "number" }).notNull(),
  startedAt: bigint("started_at", { mode: "number" }),
  finishedAt: bigint("finished_at", { mode: "number" }),
  position: doublePrecision().notNull(),
  attempt: integer().notNull(),
  stopping: boolean().notNull(),
  first: boolean().notNull(),
  progress: jsonb().$type<NonNullable<Job["progress"]>>(),
  results: jsonb().$type<Job["results"]>().notNull(),
  error: jsonb().$type<NonNullable<Job["error"]>>(),
  logTail: jsonb("log_tail").$type<Job["logTail"]>().notNull(),
});
