ALTER TABLE "job" ADD COLUMN "position" double precision NOT NULL DEFAULT 0;
