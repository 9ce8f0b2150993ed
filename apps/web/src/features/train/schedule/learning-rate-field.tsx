/** @file The learning rate as text in A1111's grammar, drawn beneath as it is typed; unreadable characters are marked. */
import { TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import type { Field } from "../../../ui/fields/field.ts";
import { readableMarks, scheduleOutline, type ScheduleMark } from "./schedule-outline.ts";
import type { ScheduleReading } from "./schedule-reading.ts";
import styles from "../train.module.css";

/** Size of the drawing in its own units; it is stretched to the field's width. */
const BOX = { width: 320, height: 56 };

export interface LearningRateFieldProps {
  field: Field<string>;
  schedule: ScheduleReading;
}

export function LearningRateField({ field, schedule }: LearningRateFieldProps): ReactNode {
  const outline = scheduleOutline(schedule.segments, BOX);
  return (
    <div>
      <TextInput
        label={field.label}
        name={field.name}
        value={field.value}
        error={field.error ?? (schedule.fault && <ScheduleFault text={field.value} fault={schedule.fault} />)}
        classNames={{ input: styles["rate"] ?? "" }}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => field.onChange(event.currentTarget.value)}
      />
      <div className={styles["schedule"]} data-empty={outline === null}>
        {outline && (
          <>
            <svg
              viewBox={`0 0 ${BOX.width} ${BOX.height}`}
              preserveAspectRatio="none"
              role="img"
              aria-label={sentence(schedule)}
            >
              {outline.decades.map((decade) => (
                <line
                  key={decade.label}
                  x1={0}
                  x2={BOX.width}
                  y1={decade.y}
                  y2={decade.y}
                  className={styles["decade"]}
                />
              ))}
              <path d={outline.area} className={styles["area"]} />
              <path d={outline.path} className={styles["curve"]} />
            </svg>
            {outline.decades.map((decade) => (
              <span
                key={decade.label}
                className={styles["decadeLabel"]}
                style={{ top: `${(100 * decade.y) / BOX.height}%` }}
              >
                {decade.label}
              </span>
            ))}
          </>
        )}
      </div>
      {outline && <ScheduleMarks marks={readableMarks(outline.marks)} />}
      {schedule.issues.slice(0, 2).map(({ message }) => (
        <p key={message} className={styles["remark"]}>
          {message}
        </p>
      ))}
    </div>
  );
}

/** Step numbers under the drawing. */
function ScheduleMarks({ marks }: { marks: readonly ScheduleMark[] }): ReactNode {
  return (
    <div className={styles["marks"]} aria-hidden>
      {marks.map((mark) => (
        <span key={mark.step} style={{ left: `${(100 * mark.x) / BOX.width}%` }} data-edge={mark.edge}>
          {mark.label}
        </span>
      ))}
    </div>
  );
}

/** The sentence, and the text again with the offending characters marked. */
function ScheduleFault({ text, fault }: { text: string; fault: NonNullable<ScheduleReading["fault"]> }): ReactNode {
  const { message, start, end } = fault;
  return (
    <>
      {message}
      {text !== "" && (
        <span className={styles["faultText"]}>
          {text.slice(0, start)}
          <mark data-testid="schedule-fault">{text.slice(start, end) || " "}</mark>
          {text.slice(end)}
        </span>
      )}
    </>
  );
}

function sentence({ segments }: ScheduleReading): string {
  return segments.map((piece) => `${piece.rate} until step ${piece.to}`).join(", then ");
}
