/** @file Deleting a picture of the outputs folder, with ten seconds to undo it. */
import { markDeleted } from "../../state/deleted-pictures.ts";
import { showError, showUndo } from "../../ui/feedback/toast.ts";
import { call } from "../../api/client.ts";
import { refresh } from "../../api/queries.ts";

/** Moves the picture at `path` to the bin and offers to bring it back. */
export async function deletePicture(path: string): Promise<void> {
  markDeleted(path, true);
  try {
    const { undoToken } = await call("deleteImage", { body: { path } });
    showUndo("Picture moved to the bin", () => void bringBack(path, undoToken));
  } catch (error) {
    markDeleted(path, false);
    showError(error);
  }
}

async function bringBack(path: string, undoToken: string): Promise<void> {
  try {
    await call("undoDelete", { body: { undoToken } });
    markDeleted(path, false);
    await refresh("listImages");
  } catch (error) {
    showError(error);
  }
}
