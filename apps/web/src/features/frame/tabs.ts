/** @file The tabs in the order of the story. */
import type { ReactNode } from "react";
import { BrushIcon, ChartIcon, GridIcon, InfoIcon, PictureIcon, WordIcon } from "../../ui/icons/icons.tsx";

export interface Tab {
  path: string;
  label: string;
  /** For the bottom bar of a phone. */
  shortLabel: string;
  icon: () => ReactNode;
}

export const TABS: readonly Tab[] = [
  { path: "/create", label: "Create Embedding", shortLabel: "Create", icon: WordIcon },
  { path: "/preprocess", label: "Preprocess", shortLabel: "Preprocess", icon: PictureIcon },
  { path: "/train", label: "Train", shortLabel: "Train", icon: ChartIcon },
  { path: "/txt2img", label: "txt2img", shortLabel: "txt2img", icon: BrushIcon },
  { path: "/gallery", label: "Gallery", shortLabel: "Gallery", icon: GridIcon },
  { path: "/png-info", label: "PNG Info", shortLabel: "PNG Info", icon: InfoIcon },
];
