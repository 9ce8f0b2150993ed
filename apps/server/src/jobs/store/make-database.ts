/** @file A process of its own that makes a new database folder and ends: making one blocks its thread for seconds and takes 840 MB, which the server must not. */
import { openDatabaseFolder } from "./database.ts";
import { JobQueue } from "../job-queue.ts";

const [, , folder] = process.argv;
if (folder === undefined) throw new TypeError("the folder to make is missing");

const database = await openDatabaseFolder(folder);
const queue = await JobQueue.open(database, (error) => process.stderr.write(`${error.message}\n`));
await queue.close();
await database.close();
process.exit(0);
