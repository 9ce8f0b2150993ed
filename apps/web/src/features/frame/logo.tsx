/** @file The logo: a word in brackets, like a weighted word of a prompt. */
import type { ReactNode } from "react";

export function Logo({ size = 24 }: { size?: number }): ReactNode {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden focusable={false}>
      <rect width="32" height="32" rx="7" fill="currentColor" />
      <g stroke="var(--mantine-color-body)" fill="none" strokeWidth="2.6" strokeLinecap="round" strokeLinejoin="round">
        <path d="M12 8H8.5v16H12M20 8h3.5v16H20" />
        <circle cx="16" cy="16" r="2.9" fill="var(--mantine-color-body)" stroke="none" />
      </g>
    </svg>
  );
}
