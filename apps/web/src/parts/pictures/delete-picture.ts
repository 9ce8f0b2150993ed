/** @file Deleting pictures of the outputs folder, with ten seconds to undo it. */
import { LexemeError } from "@lexeme/core";
import { navigate } from "wouter/use-browser-location";
import { markDeleted, markDeleting, markPresent } from "../../state/deleted-pictures.ts";
import { showChoice, showDone, showError, showNote, showUndo } from "../../ui/feedback/toast.ts";
import { messageOf } from "../../ui/feedback/message-of.ts";
import { formatPlural } from "../../ui/text/format.ts";
import { call } from "../../api/client.ts";
import { refresh } from "../../api/queries.ts";

/** Moves the picture at `path` to the bin and offers to bring it back. */
export async function deletePicture(path: string): Promise<void> {
  markDeleting([path]);
  try {
    const { undoToken } = await call("deleteImage", { body: { path } });
    markDeleted([path]);
    showUndo("Picture moved to the bin", () => void bringBack([path], [undoToken]));
  } catch (error) {
    markPresent([path]);
    if (isFull(error)) offerForGood(error, [path]);
    else showError(error);
  }
}

/** On a full disk the bin has no room, and only deletion for good makes some. */
function offerForGood(error: LexemeError, paths: readonly string[]): void {
  showChoice(
    error,
    { label: "Delete for good", run: () => void deleteForGood(paths) },
    { label: "Open the bin", run: () => navigate("/bin") },
  );
}

function isFull(error: unknown): error is LexemeError {
  return error instanceof LexemeError && error.code === "DISK_FULL";
}

/** A picture that cannot be deleted keeps no other one. */
async function deleteForGood(paths: readonly string[]): Promise<void> {
  markDeleting(paths);
  const gone: string[] = [];
  const faults: unknown[] = [];
  for (const path of paths) {
    try {
      await call("deleteImageForGood", { body: { path } });
      markDeleted([path]);
      gone.push(path);
    } catch (error) {
      markPresent([path]);
      faults.push(error);
    }
  }
  if (gone.length > 0)
    showDone(`${gone.length === 1 ? "Picture" : formatPlural(gone.length, "picture")} deleted for good`);
  showFaults(faults, "deleted");
}

/** The reason itself for one picture; for more pictures their number and the first reason. */
function showFaults(faults: readonly unknown[], what: "deleted" | "restored"): void {
  if (faults.length === 1) showError(faults[0]);
  else if (faults.length > 1)
    showNote(
      `${formatPlural(faults.length, "picture")} could not be ${what}, the first because: ${messageOf(faults[0])}`,
    );
}

/** Moves all these pictures to the bin; one press brings all of them back. Those that cannot be deleted stay, and the reason is shown. */
export async function deletePictures(paths: readonly string[]): Promise<void> {
  markDeleting(paths);
  try {
    const { undoTokens, failed } = await call("deleteImages", { body: { paths: [...paths] } });
    const left = new Set(failed.map(({ path }) => path));
    const gone = paths.filter((path) => !left.has(path));
    markDeleted(gone);
    markPresent([...left]);
    if (gone.length > 0)
      showUndo(`${formatPlural(gone.length, "picture")} moved to the bin`, () => void bringBack(gone, undoTokens));
    const full = failed.filter(({ code }) => code === "DISK_FULL");
    const [withoutRoom] = full;
    if (withoutRoom !== undefined)
      offerForGood(
        new LexemeError("DISK_FULL", withoutRoom.reason),
        full.map(({ path }) => path),
      );
    const others = failed.filter((one) => !full.includes(one));
    const [first] = others;
    if (first !== undefined)
      showNote(`${formatPlural(others.length, "picture")} could not be deleted, the first because: ${first.reason}`);
  } catch (error) {
    markPresent(paths);
    showError(error);
  }
}

/** The tokens are in the order of the paths. A picture that cannot come back keeps no other one from coming back. */
async function bringBack(paths: readonly string[], undoTokens: readonly string[]): Promise<void> {
  const back: string[] = [];
  const faults: unknown[] = [];
  for (const [i, undoToken] of undoTokens.entries()) {
    try {
      await call("undoDelete", { body: { undoToken } });
      back.push(...paths.slice(i, i + 1));
    } catch (error) {
      faults.push(error);
    }
  }
  markPresent(back);
  showFaults(faults, "restored");
  await refresh("listImages");
}
