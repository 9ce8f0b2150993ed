/** @file A number as text: it is read as a person writes it, 1e3 too, and a text that is no number stays as it was typed, beside its fault. */
import { TextInput, UnstyledButton, type TextInputProps } from "@mantine/core";
import { useState, type KeyboardEvent, type ReactNode } from "react";
import styles from "./number-text.module.css";

/** Pixels of the buttons, of the room beside a suffix, and of its letters. */
const STEPS_WIDTH = 24;
const SUFFIX_GAP = 10;
const LETTER_WIDTH = 7;

export interface NumberTextProps extends Omit<TextInputProps, "value" | "onChange" | "error"> {
  /** A number, or a text that is none. */
  value: unknown;
  /** What the arrow keys and buttons add. */
  step?: number;
  min?: number | undefined;
  max?: number | undefined;
  /** Shown after the number, such as "px". */
  suffix?: string | undefined;
  error?: string | undefined;
  /** Gets the number, or the text itself where it is none; "" for an empty field. */
  onChange: (value: number | string) => void;
}

export function NumberText(props: NumberTextProps): ReactNode {
  const { value, step = 1, min, max, suffix, onChange, onBlur, onKeyDown, error, disabled, ...rest } = props;
  /** The text as it was typed, which may be "1e3" or "0.50". */
  const [typed, setTyped] = useState<string | null>(null);
  const isTyped = typed !== null && Object.is(readNumber(typed), value);
  const isDrawn = isTyped || isNumberText(value);
  const shown = isTyped ? typed : isDrawn ? String(value) : "";

  function move(by: number): void {
    const from = typeof value === "number" ? value : 0;
    // Without the rounding, 0.1 + 0.2 would be shown with all its digits.
    const next = Number((from + by).toFixed(10));
    setTyped(null);
    onChange(Math.min(Math.max(next, min ?? -Infinity), max ?? Infinity));
  }
  function onKey(event: KeyboardEvent<HTMLInputElement>): void {
    onKeyDown?.(event);
    const direction = event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : 0;
    if (direction === 0 || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    move(direction * step);
  }
  return (
    <TextInput
      {...rest}
      disabled={disabled === true}
      value={shown}
      error={isDrawn || error === undefined ? error : `“${String(value)}”: ${error}`}
      autoComplete="off"
      spellCheck={false}
      classNames={{ input: "lx-numbers" }}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        onChange(readNumber(event.currentTarget.value));
      }}
      onBlur={(event) => {
        // A number is shown in one way once it is written; other text stays.
        if (typeof value === "number") setTyped(null);
        onBlur?.(event);
      }}
      onKeyDown={onKey}
      rightSectionWidth={STEPS_WIDTH + (suffix === undefined ? 0 : SUFFIX_GAP + suffix.length * LETTER_WIDTH)}
      rightSection={
        <span className={styles["right"]}>
          {suffix}
          <span className={styles["steps"]}>
            <Step sign="▲" isOff={disabled === true || value === max} onPress={() => move(step)} />
            <Step sign="▼" isOff={disabled === true || value === min} onPress={() => move(-step)} />
          </span>
        </span>
      }
    />
  );
}

/** For the mouse only: the keyboard has its arrows. */
function Step({ sign, isOff, onPress }: { sign: string; isOff: boolean; onPress: () => void }): ReactNode {
  return (
    <UnstyledButton
      className={styles["step"] ?? ""}
      tabIndex={-1}
      aria-hidden
      data-disabled={isOff}
      // The field keeps the focus.
      onMouseDown={(event) => event.preventDefault()}
      onClick={isOff ? undefined : onPress}
    >
      {sign}
    </UnstyledButton>
  );
}

/** The number that the text says; otherwise the text. */
export function readNumber(text: string): number | string {
  const trimmed = text.trim();
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/iu.test(trimmed) ? Number(trimmed) : trimmed;
}

/** False for a value that a number field would show as blank, such as the text "many". */
function isNumberText(value: unknown): boolean {
  return typeof value === "number" || (typeof value === "string" && /^-?[\d.]*$/u.test(value));
}
