ALTER TABLE "job" ADD COLUMN "options" jsonb NOT NULL DEFAULT '{}';
--> statement-breakpoint
ALTER TABLE "job" ADD COLUMN "delivery" text NOT NULL DEFAULT 'keep';
