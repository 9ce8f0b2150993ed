/** @file A text's tokens as chips, the used ones strong and the others pale. */
import type { ReactNode } from "react";
import styles from "./token-chips.module.css";

export function TokenChips({
  tokens,
  used = tokens.length,
}: {
  tokens: readonly { id: number; text: string }[];
  used?: number;
}): ReactNode {
  return (
    <ul className={styles["chips"]} aria-label="Tokens">
      {tokens.map((token, position) => (
        // Tokens repeat, so only their place identifies them.
        // oxlint-disable-next-line react/no-array-index-key
        <li key={position} className={styles["chip"]} data-unused={position >= used} title={`Token ${token.id}`}>
          {token.text}
        </li>
      ))}
    </ul>
  );
}
