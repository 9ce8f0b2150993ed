/** @file Short messages for what has no place on the page: an error of no field, an undo. */
import { toast } from "sonner";
import { messageOf } from "./message-of.ts";

/** Shows what went wrong, as the sentence the error carries. */
export function showError(error: unknown): void {
  toast.error(messageOf(error), { duration: 8000 });
}

/** Says that something was deleted, and offers to bring it back for 10 s. */
export function showUndo(message: string, undo: () => void): void {
  toast(message, { duration: 10_000, action: { label: "Undo", onClick: undo } });
}

/** Says what the reader should know and no part of this page can put right. */
export function showNote(message: string): void {
  toast(message, { duration: 8000 });
}

/** Says that something went well and is seen nowhere else. */
export function showDone(message: string): void {
  toast.success(message, { duration: 4000 });
}
