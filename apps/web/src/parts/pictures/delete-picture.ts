/** @file Deleting pictures of the outputs folder, with ten seconds to undo it. */
import { LexemeError } from "@lexeme/core";
import { navigate } from "wouter/use-browser-location";
import { markDeleted } from "../../state/deleted-pictures.ts";
import { showChoice, showDone, showError, showNote, showUndo } from "../../ui/feedback/toast.ts";
import { formatPlural } from "../../ui/text/format.ts";
import { call } from "../../api/client.ts";
import { refresh } from "../../api/queries.ts";

/** Moves the picture at `path` to the bin and offers to bring it back. */
export async function deletePicture(path: string): Promise<void> {
  markDeleted(path, true);
  try {
    const { undoToken } = await call("deleteImage", { body: { path } });
    showUndo("Picture moved to the bin", () => void bringBack([path], [undoToken]));
  } catch (error) {
    markDeleted(path, false);
    if (!(error instanceof LexemeError) || error.code !== "DISK_FULL") return showError(error);
    showChoice(
      error,
      { label: "Delete for good", run: () => void deleteForGood(path) },
      { label: "Open the bin", run: () => navigate("/bin") },
    );
  }
}

/** On a full disk the bin has no room, and only this makes some. */
async function deleteForGood(path: string): Promise<void> {
  markDeleted(path, true);
  try {
    await call("deleteImageForGood", { body: { path } });
    showDone("Picture deleted for good");
  } catch (error) {
    markDeleted(path, false);
    showError(error);
  }
}

/** Moves all these pictures to the bin; one press brings all of them back. Those that cannot be deleted stay, and the reason is shown. */
export async function deletePictures(paths: readonly string[]): Promise<void> {
  for (const path of paths) markDeleted(path, true);
  try {
    const { undoTokens, failed } = await call("deleteImages", { body: { paths: [...paths] } });
    for (const { path } of failed) markDeleted(path, false);
    const left = new Set(failed.map(({ path }) => path));
    const gone = paths.filter((path) => !left.has(path));
    if (gone.length > 0)
      showUndo(`${formatPlural(gone.length, "picture")} moved to the bin`, () => void bringBack(gone, undoTokens));
    const [first] = failed;
    if (first !== undefined)
      showNote(`${formatPlural(failed.length, "picture")} could not be deleted, the first because: ${first.reason}`);
  } catch (error) {
    for (const path of paths) markDeleted(path, false);
    showError(error);
  }
}

async function bringBack(paths: readonly string[], undoTokens: readonly string[]): Promise<void> {
  try {
    for (const undoToken of undoTokens) await call("undoDelete", { body: { undoToken } });
    for (const path of paths) markDeleted(path, false);
  } catch (error) {
    showError(error);
  }
  await refresh("listImages");
}
