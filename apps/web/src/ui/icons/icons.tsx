/** @file The icons of the page: 20 x 20, one stroke width, drawn in the text's colour. */
import type { ReactNode } from "react";

/** The frame of every icon; `size` in pixels. Features draw their own icons in it. */
export function Icon({
  children,
  size = 18,
  ...rest
}: {
  children: ReactNode;
  size?: number;
  style?: React.CSSProperties;
}): ReactNode {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.6}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden
      focusable={false}
      {...rest}
    >
      {children}
    </svg>
  );
}

export const ChevronIcon = ({ turned = false }: { turned?: boolean }): ReactNode => (
  <Icon size={16} style={{ transform: turned ? "rotate(90deg)" : "none", transition: "transform 120ms" }}>
    <path d="m7.5 5 5 5-5 5" />
  </Icon>
);
export const ChevronDownIcon = (): ReactNode => (
  <Icon size={16}>
    <path d="m5 7.5 5 5 5-5" />
  </Icon>
);
export const CloseIcon = (): ReactNode => (
  <Icon size={16}>
    <path d="m5 5 10 10M15 5 5 15" />
  </Icon>
);
export const CheckIcon = (): ReactNode => (
  <Icon size={16}>
    <path d="m4 10.5 4 4 8-9" />
  </Icon>
);
export const SunIcon = (): ReactNode => (
  <Icon>
    <circle cx="10" cy="10" r="3.4" />
    <path d="M10 2.2v1.6M10 16.2v1.6M2.2 10h1.6M16.2 10h1.6M4.5 4.5l1.1 1.1M14.4 14.4l1.1 1.1M4.5 15.5l1.1-1.1M14.4 5.6l1.1-1.1" />
  </Icon>
);
export const MoonIcon = (): ReactNode => (
  <Icon>
    <path d="M16.5 11.8A6.8 6.8 0 0 1 8.2 3.5a6.8 6.8 0 1 0 8.3 8.3Z" />
  </Icon>
);
export const HelpIcon = (): ReactNode => (
  <Icon>
    <circle cx="10" cy="10" r="7" />
    <path d="M7.9 8a2.1 2.1 0 1 1 3.1 1.8c-.7.4-1 .8-1 1.6" />
    <circle cx="10" cy="13.6" r="0.4" fill="currentColor" />
  </Icon>
);
export const GearIcon = (): ReactNode => (
  <Icon>
    <circle cx="10" cy="10" r="2.6" />
    <path
      d="M8.7 2.6h2.6l.4 2 1.6.9 1.9-.7 1.3 2.3-1.5 1.3v1.9l1.5 1.3-1.3 2.3-1.9-.7-1.6.9-.4 2H8.7l-.4-2-1.6-.9-1.9.7-1.3-2.3L5 10.3V8.4L3.5 7.1l1.3-2.3 1.9.7 1.6-.9z"
      transform="translate(0 .7)"
    />
  </Icon>
);
export const BinIcon = (): ReactNode => (
  <Icon>
    <path d="M3.5 5.5h13M8 5.5v-2h4v2M5.2 5.5l.8 11h8l.8-11M8.4 9v4.5M11.6 9v4.5" />
  </Icon>
);
export const JobsIcon = (): ReactNode => (
  <Icon>
    <path d="M3.5 5h13M3.5 10h13M3.5 15h8" />
  </Icon>
);
export const FolderIcon = (): ReactNode => (
  <Icon>
    <path d="M2.8 5.2c0-.6.5-1 1-1h3.6l1.8 2h7c.6 0 1 .4 1 1v7.6c0 .6-.4 1-1 1H3.8c-.5 0-1-.4-1-1Z" />
  </Icon>
);
export const UpIcon = (): ReactNode => (
  <Icon>
    <path d="M10 16V4.5M5 9l5-5 5 5" />
  </Icon>
);
export const UploadIcon = (): ReactNode => (
  <Icon>
    <path d="M10 13V3.5M6 7l4-4 4 4M3.5 13v2.5c0 .6.4 1 1 1h11c.6 0 1-.4 1-1V13" />
  </Icon>
);
export const CopyIcon = (): ReactNode => (
  <Icon size={16}>
    <path d="M7.5 7.5h8v9h-8zM12.5 4.5v-1h-8v9h1" />
  </Icon>
);
export const MoreIcon = (): ReactNode => (
  <Icon>
    <circle cx="4.5" cy="10" r="0.9" fill="currentColor" />
    <circle cx="10" cy="10" r="0.9" fill="currentColor" />
    <circle cx="15.5" cy="10" r="0.9" fill="currentColor" />
  </Icon>
);
export const GripIcon = (): ReactNode => (
  <Icon size={16}>
    <path d="M7.5 5v.01M12.5 5v.01M7.5 10v.01M12.5 10v.01M7.5 15v.01M12.5 15v.01" strokeWidth={2.4} />
  </Icon>
);
export const SearchIcon = (): ReactNode => (
  <Icon size={16}>
    <circle cx="8.7" cy="8.7" r="5" />
    <path d="m12.5 12.5 4 4" />
  </Icon>
);
export const SignOutIcon = (): ReactNode => (
  <Icon>
    <path d="M8 3.5H4.5c-.6 0-1 .4-1 1v11c0 .6.4 1 1 1H8M12.5 6.5 16 10l-3.5 3.5M16 10H7.5" />
  </Icon>
);
export const WordIcon = (): ReactNode => (
  <Icon size={20}>
    <path d="M7 4.5H4.5v11H7M13 4.5h2.5v11H13" />
    <circle cx="10" cy="10" r="1.7" fill="currentColor" stroke="none" />
  </Icon>
);
export const PictureIcon = (): ReactNode => (
  <Icon size={20}>
    <rect x="3" y="4" width="14" height="12" rx="1.5" />
    <circle cx="7.3" cy="8" r="1.3" />
    <path d="m3.5 14 4-3.5 3 2.5 3-3 3 3" />
  </Icon>
);
export const ChartIcon = (): ReactNode => (
  <Icon size={20}>
    <path d="M3.5 3.5v13h13M6 6c1 5 3 7 10 7.5" />
  </Icon>
);
export const BrushIcon = (): ReactNode => (
  <Icon size={20}>
    <path d="M16.5 3.5 9 11M9 11c-2-.5-3.5.7-3.5 2.5 0 1.5-1 2-2 2.5 3 1 6.5.5 7-2.5.1-1-.4-2-1.5-2.5Z" />
  </Icon>
);
export const InfoIcon = (): ReactNode => (
  <Icon size={20}>
    <rect x="3" y="3.5" width="14" height="13" rx="1.5" />
    <path d="M10 9v4.5" />
    <circle cx="10" cy="6.6" r="0.5" fill="currentColor" />
  </Icon>
);
export const GridIcon = (): ReactNode => (
  <Icon size={20}>
    <path d="M3.5 3.5h5.5v5.5H3.5zM11 3.5h5.5v5.5H11zM3.5 11h5.5v5.5H3.5zM11 11h5.5v5.5H11z" />
  </Icon>
);
