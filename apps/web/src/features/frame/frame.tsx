/** @file The parts that stay on every tab: header, banners, the jobs' tray, and on a phone the tabs at the bottom. */
import { useEffect, type ReactNode } from "react";
import { useLocation } from "wouter";
import { useCheckpoints, useOptions, useSystem } from "../../api/queries.ts";
import { setDefaultSize, setDefaultVae } from "../../state/forms.ts";
import { tabAt, TABS } from "../../parts/tabs/tabs.ts";
import { followDataFolder } from "../../state/moved-folder.ts";
import { takeOptions } from "../../state/options.ts";
import { setSession } from "../../state/session.ts";
import { Banners } from "./banners.tsx";
import { DoneNotification } from "./done-notification.tsx";
import styles from "./frame.module.css";
import { GuideLine } from "./guide-line.tsx";
import { InterruptByKey } from "./interrupt-by-key.tsx";
import { Header } from "./header.tsx";
import { JobTray } from "./tray/job-tray.tsx";
import { PageTitle } from "./page-title.tsx";
import { TabLink } from "./tab-link.tsx";

export function Frame({ children }: { children: ReactNode }): ReactNode {
  const [location] = useLocation();
  useDataFolder();
  useDefaultSize();
  useDefaultVae();
  useOptionDefaults();
  useHarmlessDrops();
  useEffect(() => {
    if (tabAt(location) !== undefined) setSession({ lastTab: location });
  }, [location]);
  return (
    <div className={styles["frame"]}>
      <a className={styles["skip"]} href="#main">
        Skip to the page
      </a>
      <Header />
      <Banners />
      <GuideLine />
      <main id="main" className={styles["main"]}>
        {children}
      </main>
      <JobTray />
      <nav className={styles["bottomBar"]} aria-label="Tabs">
        {TABS.map((tab) => (
          <TabLink key={tab.path} tab={tab}>
            <tab.icon />
            <span>{tab.shortLabel}</span>
          </TabLink>
        ))}
      </nav>
      <PageTitle />
      <DoneNotification />
      <InterruptByKey />
    </div>
  );
}

function useDataFolder(): void {
  const dataDir = useSystem().data?.dataDir;
  useEffect(() => {
    if (dataDir !== undefined) followDataFolder(dataDir);
  }, [dataDir]);
}

/** Size fields that nobody touched follow the chosen checkpoint. */
function useDefaultSize(): void {
  const chosen = useSystem().data?.checkpoint;
  const resolution = useCheckpoints().data?.find((one) => one.name === chosen)?.resolution;
  useEffect(() => {
    if (resolution !== undefined) setDefaultSize(resolution);
  }, [resolution]);
}

function useDefaultVae(): void {
  const vae = useSystem().data?.vae;
  useEffect(() => {
    if (vae !== undefined) setDefaultVae(vae);
  }, [vae]);
}

/** Fields that nobody touched follow the options that give their defaults. */
function useOptionDefaults(): void {
  const options = useOptions().data?.values;
  useEffect(() => {
    if (options !== undefined) takeOptions(options);
  }, [options]);
}

/** Keeps the browser from leaving the page for a file that is dropped outside a drop target. */
function useHarmlessDrops(): void {
  useEffect(() => {
    const prevent = (event: Event): void => event.preventDefault();
    globalThis.addEventListener("dragover", prevent);
    globalThis.addEventListener("drop", prevent);
    return () => {
      globalThis.removeEventListener("dragover", prevent);
      globalThis.removeEventListener("drop", prevent);
    };
  }, []);
}
