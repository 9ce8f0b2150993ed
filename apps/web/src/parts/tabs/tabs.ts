/** @file The tabs in the order of the story. Header, bottom bar, routes and links to a tab use this table. */
import type { ReactNode } from "react";
import { BrushIcon, ChartIcon, GridIcon, InfoIcon, PictureIcon, WordIcon } from "../../ui/icons/icons.tsx";

const TABLE = [
  { path: "/create", label: "Create Embedding", shortLabel: "Create", icon: WordIcon },
  { path: "/preprocess", label: "Preprocess", shortLabel: "Preprocess", icon: PictureIcon },
  { path: "/train", label: "Train", shortLabel: "Train", icon: ChartIcon },
  { path: "/txt2img", label: "txt2img", shortLabel: "txt2img", icon: BrushIcon },
  { path: "/gallery", label: "Gallery", shortLabel: "Gallery", icon: GridIcon },
  { path: "/png-info", label: "PNG Info", shortLabel: "PNG Info", icon: InfoIcon },
] as const;

export type TabPath = (typeof TABLE)[number]["path"];

export interface Tab {
  readonly path: TabPath;
  readonly label: string;
  /** For the bottom bar of a phone. */
  readonly shortLabel: string;
  readonly icon: () => ReactNode;
}

export const TABS: readonly Tab[] = TABLE;

/** The tab at an address; undefined for pages that are no tab, such as the settings. */
export function tabAt(address: string): Tab | undefined {
  return TABS.find(({ path }) => path === address);
}
