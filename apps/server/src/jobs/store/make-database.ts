/** @file A separate program that makes a new database folder and ends. This work blocks its thread for seconds and takes 840 MB, so the server must not do it itself. */
import { openDatabaseFolder } from "./database.ts";
import { JobQueue } from "../job-queue.ts";

const [, , folder] = process.argv;
if (folder === undefined) throw new TypeError("the folder to make is missing");
// A killed server needs no database, and the next start makes its own.
process.on("disconnect", () => process.exit(1));

const database = await openDatabaseFolder(folder);
const queue = await JobQueue.open(database, (error) => process.stderr.write(`${error.message}\n`));
await queue.close();
await database.close();
process.exit(0);
