/** @file Texts of settings that name a file or a folder or hold a schedule. Jobs and lists carry these texts, so their length has a limit. */
import { z } from "zod";

/** The name of a file, of a folder or of an entry in a file, or a path. Linux opens no path of more bytes. */
export const PATH_TEXT = z.string().max(4_096);

/** A schedule of rates or limits by step. A hundred of them have about 1,000 characters. */
export const SCHEDULE_TEXT = z.string().max(10_000);

/** The name of a checkpoint; null is the checkpoint chosen on the page. */
export const CHECKPOINT_TEXT = PATH_TEXT.nullable().default(null);
