/** @file Colours behind a prompt's text area. The text area keeps the browser's own caret, undo, spelling, input methods and screen readers. */
import { memo, useDeferredValue, useEffect, useLayoutEffect, useRef, type ReactNode, type RefObject } from "react";
import { strengthOf, type ShownSpan } from "./text/prompt-spans.ts";
import classes from "./prompt-editor.module.css";

export interface PromptHighlightProps {
  area: RefObject<HTMLTextAreaElement | null>;
  text: string;
  spans: readonly ShownSpan[];
}

/** The styles that decide where a letter of the text area stands. */
const SAME_AS_AREA = [
  "font",
  "letterSpacing",
  "lineHeight",
  "tabSize",
  "textIndent",
  "paddingTop",
  "paddingRight",
  "paddingBottom",
  "paddingLeft",
  "borderTopWidth",
  "borderLeftWidth",
] as const;

export function PromptHighlight({ area, text, spans }: PromptHighlightProps): ReactNode {
  const layer = useRef<HTMLDivElement>(null);
  // Letters are drawn first, colours when there is time.
  const shown = useDeferredValue({ text, spans }, { text: "", spans: [] });

  useEffect(() => {
    const [from, to] = [area.current, layer.current];
    if (from === null || to === null) return;
    const lie = (): void => {
      const style = getComputedStyle(from);
      for (const name of SAME_AS_AREA) to.style[name] = style[name];
      scrollAlong(from, to);
    };
    lie();
    const observer = new ResizeObserver(lie);
    observer.observe(from);
    const scroll = (): void => scrollAlong(from, to);
    from.addEventListener("scroll", scroll, { passive: true });
    return () => {
      observer.disconnect();
      from.removeEventListener("scroll", scroll);
    };
  }, [area]);

  // A scroll bar that came or went with the last letter makes the lines narrower or wider.
  useLayoutEffect(() => {
    if (area.current !== null && layer.current !== null) scrollAlong(area.current, layer.current);
  });

  return (
    <div className={classes["layer"]} aria-hidden data-testid="prompt-highlight">
      <div ref={layer} className={classes["letters"]}>
        <Letters text={shown.text} spans={shown.spans} />
      </div>
    </div>
  );
}

function scrollAlong(from: HTMLTextAreaElement, to: HTMLDivElement): void {
  to.style.width = `${from.clientLeft + from.clientWidth}px`;
  to.style.transform = `translateY(${-from.scrollTop}px)`;
}

const Letters = memo(function Letters({ text, spans }: { text: string; spans: readonly ShownSpan[] }): ReactNode {
  const pieces: ReactNode[] = [];
  let at = 0;
  for (const span of spans) {
    if (span.end > text.length) break;
    if (span.start > at) pieces.push(text.slice(at, span.start));
    pieces.push(
      <span key={span.start} className={classes["span"]} data-kind={span.kind} style={tint(span)}>
        {text.slice(span.start, span.end)}
      </span>,
    );
    at = span.end;
  }
  // The text after the last span has no colours and is left out.
  return pieces;
});

/** Stronger weights have a warmer colour, weaker weights a colder one. */
function tint({ kind, weight }: ShownSpan): React.CSSProperties | undefined {
  if ((kind !== "text" && kind !== "stray") || weight === 1) return undefined;
  const alpha = 0.12 + 0.43 * strengthOf(weight);
  return { backgroundColor: `rgb(var(${weight > 1 ? "--lx-strong" : "--lx-weak"}) / ${alpha.toFixed(3)})` };
}
