CREATE TABLE "job" (
  "id" uuid PRIMARY KEY,
  "kind" text NOT NULL,
  "lane" text NOT NULL,
  "state" text NOT NULL,
  "title" text NOT NULL,
  "request" jsonb NOT NULL,
  "checkpoint" text,
  "created_at" bigint NOT NULL,
  "started_at" bigint,
  "finished_at" bigint,
  "attempt" integer NOT NULL,
  "stopping" boolean NOT NULL,
  "progress" jsonb,
  "results" jsonb NOT NULL,
  "error" jsonb,
  "log_tail" jsonb NOT NULL
);
--> statement-breakpoint
CREATE INDEX "job_created_at" ON "job" ("created_at");
