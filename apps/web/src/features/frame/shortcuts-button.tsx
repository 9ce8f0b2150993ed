/** @file The list of keyboard shortcuts, behind a button and the key `?`. */
import { ActionIcon, Kbd, Modal, Tooltip } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { Fragment, useState, type ReactNode } from "react";
import { HelpIcon } from "../../ui/icons/icons.tsx";
import styles from "./frame.module.css";

const SHORTCUTS: readonly [keys: readonly string[], what: string][] = [
  [["Ctrl", "Enter"], "Press the start button of this tab"],
  [["Ctrl", "\u2191"], "Raise the weight of the selected words in a prompt, or of the words at the caret"],
  [["Ctrl", "\u2193"], "Lower their weight"],
  [["Alt", "\u2190"], "Move the part between two commas to the left"],
  [["Alt", "\u2192"], "Move the part to the right"],
  [["Enter"], "Take the embedding that is suggested while you write; Tab does the same"],
  [["Tab"], "Next field; on the caption board, next caption"],
  [["Ctrl", "S"], "Save the caption at once"],
  [["Ctrl", "V"], "On PNG Info: read the settings of a copied picture"],
  [["\u2190", "\u2192"], "Previous and next picture in the viewer"],
  [["S"], "Save the picture in the viewer"],
  [["Delete"], "Move the picture in the viewer to the bin"],
  [["Esc"], "Close the open list, dialog or picture; if nothing is open, ask whether the running job should end"],
  [["?"], "This list"],
];

export function ShortcutsButton(): ReactNode {
  const [open, setOpen] = useState(false);
  useHotkeys([["shift+?", () => setOpen(true)]]);
  return (
    <>
      <Tooltip label="Keyboard shortcuts">
        <ActionIcon
          className={styles["wide"] ?? ""}
          variant="subtle"
          color="gray"
          size="lg"
          aria-label="Keyboard shortcuts"
          onClick={() => setOpen(true)}
        >
          <HelpIcon />
        </ActionIcon>
      </Tooltip>
      <Modal opened={open} onClose={() => setOpen(false)} title="Keyboard shortcuts">
        <dl className={styles["shortcuts"]}>
          {SHORTCUTS.map(([keys, what]) => (
            <Fragment key={what}>
              <dt>
                {keys.map((key) => (
                  <Kbd key={key}>{key}</Kbd>
                ))}
              </dt>
              <dd>{what}</dd>
            </Fragment>
          ))}
        </dl>
      </Modal>
    </>
  );
}
