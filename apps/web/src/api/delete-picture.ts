/** @file Deleting a picture of the outputs folder, with ten seconds to think again. */
import { toast } from "sonner";
import { markDeleted } from "../state/deleted-pictures.ts";
import { call, messageOf } from "./client.ts";
import { refresh } from "./queries.ts";

const UNDO_MS = 10_000;

/** Moves the picture at `path` to the bin and offers to bring it back. */
export async function deletePicture(path: string): Promise<void> {
  markDeleted(path, true);
  try {
    const { undoToken } = await call("deleteImage", { body: { path } });
    toast("Picture moved to the bin", {
      duration: UNDO_MS,
      action: { label: "Undo", onClick: () => void bringBack(path, undoToken) },
    });
  } catch (error) {
    markDeleted(path, false);
    toast.error(messageOf(error));
  }
}

async function bringBack(path: string, undoToken: string): Promise<void> {
  try {
    await call("undoDelete", { body: { undoToken } });
    markDeleted(path, false);
    await refresh("listImages");
  } catch (error) {
    toast.error(messageOf(error));
  }
}
