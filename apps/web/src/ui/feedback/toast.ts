/** @file Short messages that have no place on the page: an error that belongs to no field, an undo. */
import { toast } from "sonner";
import { messageOf } from "./message-of.ts";

/** Shows the sentence of an error. */
export function showError(error: unknown): void {
  toast.error(messageOf(error), { duration: 8000 });
}

/** Says that something was deleted, and offers to bring it back for 10 s. */
export function showUndo(message: string, undo: () => void): void {
  toast(message, { duration: 10_000, action: { label: "Undo", onClick: undo } });
}

/** Shows the sentence of an error with buttons that help: `act` is the bolder one. */
export function showChoice(error: unknown, act: Choice, other: Choice): void {
  const button = ({ label, run }: Choice) => ({ label, onClick: run });
  toast.error(messageOf(error), { duration: 30_000, action: button(act), cancel: button(other) });
}

interface Choice {
  label: string;
  run: () => void;
}

/** Shows a fact that the user should know and that no part of this page can change. */
export function showNote(message: string): void {
  toast(message, { duration: 8000 });
}

/** Says that an action succeeded, if the page shows it nowhere else. */
export function showDone(message: string): void {
  toast.success(message, { duration: 4000 });
}
