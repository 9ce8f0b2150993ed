/** @file Icons that only txt2img has, in the frame's stroke. */
import type { ReactNode } from "react";
import { Icon } from "../../ui/icons/icons.tsx";

export const DiceIcon = (): ReactNode => (
  <Icon size={16}>
    <rect x="3.5" y="3.5" width="13" height="13" rx="2.5" />
    <circle cx="7.3" cy="7.3" r="0.9" fill="currentColor" />
    <circle cx="12.7" cy="7.3" r="0.9" fill="currentColor" />
    <circle cx="10" cy="10" r="0.9" fill="currentColor" />
    <circle cx="7.3" cy="12.7" r="0.9" fill="currentColor" />
    <circle cx="12.7" cy="12.7" r="0.9" fill="currentColor" />
  </Icon>
);
export const RecycleIcon = (): ReactNode => (
  <Icon size={16}>
    <path d="M4 9a6.2 6.2 0 0 1 11-3l1 1.3M16.3 3.5v4h-4M16 11a6.2 6.2 0 0 1-11 3l-1-1.3M3.7 16.5v-4h4" />
  </Icon>
);
export const SwapIcon = (): ReactNode => (
  <Icon size={16}>
    <path d="M3.5 7h12M12.5 4l3 3-3 3M16.5 13h-12M7.5 10l-3 3 3 3" />
  </Icon>
);
export const FillIcon = (): ReactNode => (
  <Icon size={16}>
    <path d="M4 5.5h12M4 10h12M4 14.5h6M13.5 12.5v4M11.5 14.5h4" />
  </Icon>
);
export const ReadBackIcon = (): ReactNode => (
  <Icon size={16}>
    <path d="M15.5 4.5 5 15M5 8v7h7" />
  </Icon>
);
