/** @file Placeholder until this tab is built. */
import type { ReactNode } from "react";

export function WelcomePage(): ReactNode {
  return null;
}
