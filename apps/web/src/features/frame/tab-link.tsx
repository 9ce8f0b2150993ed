/** @file A tab of the header or of the phone's bar; a picture dropped on the tab PNG Info is read there. */
import type { ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { openInPictureInfo } from "../../state/picture-source.ts";
import { usePictureDrop } from "../../parts/pictures/picture-transfer.ts";
import type { Tab } from "../../parts/tabs/tabs.ts";

export function TabLink({ tab, children }: { tab: Tab; children: ReactNode }): ReactNode {
  const [location, navigate] = useLocation();
  const { over, handlers } = usePictureDrop((source) => navigate(openInPictureInfo(source)));
  return (
    <Link
      href={tab.path}
      aria-current={isWithin(location, tab) ? "page" : undefined}
      data-over={over}
      {...(tab.path === "/png-info" ? handlers : {})}
    >
      {children}
    </Link>
  );
}

/** A page without its own tab belongs to the tab that leads to it. */
function isWithin(location: string, { path }: Tab): boolean {
  return location === path || (path === "/create" && location.startsWith("/notebook/"));
}
