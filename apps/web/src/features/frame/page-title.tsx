/** @file The page's title and favicon, which show a running job's progress to somebody in another tab. */
import { useEffect, type ReactNode } from "react";
import { useLocation } from "wouter";
import { useJobProgress, useRunningJob } from "../../state/jobs.ts";
import { useLostSince } from "../../state/connection.ts";
import { useOption } from "../../state/options.ts";
import { tabAt } from "../../parts/tabs/tabs.ts";

const TITLES_WITHOUT_TAB: Readonly<Record<string, string>> = { "/settings": "Settings", "/bin": "Bin" };

export function PageTitle(): ReactNode {
  const [location] = useLocation();
  const job = useRunningJob();
  const progress = useJobProgress(job?.id ?? null);
  const isLost = useLostSince() !== null;
  const percent =
    job === null || isLost || progress === null || progress.steps === 0
      ? null
      : Math.floor((100 * progress.step) / progress.steps);
  const showsProgress = useOption("show_progress_in_title");
  const tab = TITLES_WITHOUT_TAB[location] ?? tabAt(location)?.label;
  const place = tab === undefined ? "Lexeme" : `${tab} · Lexeme`;
  const title = isLost
    ? `Not connected · ${place}`
    : job === null || !showsProgress
      ? place
      : `${percent === null ? "" : `${percent} % · `}${job.title} · Lexeme`;

  useEffect(() => {
    document.title = title;
  }, [title]);
  useEffect(() => {
    const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    if (link !== null) link.href = percent === null ? "/favicon.svg" : ring(percent);
  }, [percent]);
  return null;
}

/** The favicon as a ring that is filled up to `percent`. */
function ring(percent: number): string {
  const around = 2 * Math.PI * 12;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="16" cy="16" r="12" fill="none" stroke="#b9bfc0" stroke-width="6"/><circle cx="16" cy="16" r="12" fill="none" stroke="#1c8573" stroke-width="6" stroke-dasharray="${((around * percent) / 100).toFixed(1)} ${around.toFixed(1)}" transform="rotate(-90 16 16)"/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
