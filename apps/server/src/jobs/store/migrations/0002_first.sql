ALTER TABLE "job" ADD COLUMN "first" boolean NOT NULL DEFAULT false;
