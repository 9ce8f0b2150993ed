/** @file The top bar: word mark, checkpoint, VAE, tabs, device, jobs, theme, sign out. */
import { ActionIcon, Indicator, Tooltip, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import type { System } from "@lexeme/protocol";
import type { ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { call } from "../../api/client.ts";
import { useSystem } from "../../api/queries.ts";
import { connectionStore } from "../../state/connection.ts";
import { useUnseenFailures } from "../../parts/jobs/failures.ts";
import { useJobCount } from "../../state/jobs.ts";
import { formatCount, formatPlural } from "../../ui/text/format.ts";
import { BinIcon, GearIcon, JobsIcon, MoonIcon, SignOutIcon, SunIcon } from "../../ui/icons/icons.tsx";
import { showError } from "../../ui/feedback/toast.ts";
import { CheckpointPicker } from "./pickers/checkpoint-picker.tsx";
import styles from "./frame.module.css";
import { Logo } from "./logo.tsx";
import { ShortcutsButton } from "./shortcuts-button.tsx";
import { toggleTray } from "./tray/tray-store.ts";
import { TabLink } from "./tab-link.tsx";
import { TABS } from "../../parts/tabs/tabs.ts";
import { VaePicker } from "./pickers/vae-picker.tsx";

export function Header(): ReactNode {
  const system = useSystem().data;
  return (
    <header className={styles["header"]}>
      <Link href="/welcome" className={styles["wordmark"]} aria-label="Lexeme, welcome page">
        <Logo />
        <span>Lexeme</span>
      </Link>
      <CheckpointPicker />
      <VaePicker />
      <nav className={styles["tabs"]} aria-label="Tabs">
        {TABS.map((tab) => (
          <TabLink key={tab.path} tab={tab}>
            {tab.label}
          </TabLink>
        ))}
      </nav>
      <div className={styles["right"]}>
        {system === undefined ? null : <DeviceName system={system} />}
        <JobsButton />
        <PageLink href="/settings" label="Settings" icon={<GearIcon />} />
        {/* On a phone the settings lead there. */}
        <span className={styles["wide"]}>
          <PageLink href="/bin" label="Bin" icon={<BinIcon />} />
        </span>
        <ShortcutsButton />
        <ThemeButton />
        {typeof system?.signedInAs === "string" ? <SignOutButton user={system.signedInAs} /> : null}
      </div>
    </header>
  );
}

function DeviceName({ system }: { system: System }): ReactNode {
  const { device } = system;
  const name =
    device.used === null ? null : device.used === "cpu" ? "CPU" : device.used === "webgpu" ? "WebGPU" : device.used;
  const text =
    device.state === "ready" && name !== null
      ? `${name}${device.used === "cpu" && device.threads !== null ? ` · ${formatPlural(device.threads, "thread")}` : ""}`
      : device.state === "restarting"
        ? "Restarting the device"
        : "Starting the device";
  return (
    <Tooltip label={device.fallbackReason ?? system.cpuModel} multiline maw={360}>
      <span className={styles["device"]} data-warning={device.fallbackReason !== null} tabIndex={0} role="status">
        {text}
      </span>
    </Tooltip>
  );
}

function PageLink({ href, label, icon }: { href: string; label: string; icon: ReactNode }): ReactNode {
  const [location] = useLocation();
  const current = location === href;
  return (
    <Tooltip label={label}>
      <ActionIcon
        component={Link}
        href={href}
        variant={current ? "light" : "subtle"}
        color={current ? "spruce" : "gray"}
        size="lg"
        aria-label={label}
        aria-current={current ? "page" : undefined}
      >
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}

function JobsButton(): ReactNode {
  const active = useJobCount("running") + useJobCount("queued");
  const { count: failed } = useUnseenFailures();
  const label = [
    "Jobs",
    ...(active === 0 ? [] : [`${formatCount(active)} active`]),
    ...(failed === 0 ? [] : [`${formatCount(failed)} failed`]),
  ].join(", ");
  return (
    <Tooltip label={label}>
      <Indicator label={formatCount(active)} disabled={active === 0} size={16} offset={7} color="spruce">
        <Indicator
          label={formatCount(failed)}
          disabled={failed === 0}
          size={16}
          offset={7}
          color="red.9"
          position="bottom-end"
        >
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={label} onClick={toggleTray}>
            <JobsIcon />
          </ActionIcon>
        </Indicator>
      </Indicator>
    </Tooltip>
  );
}

function ThemeButton(): ReactNode {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme("light");
  const label = scheme === "dark" ? "Light theme" : "Dark theme";
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={label}
        onClick={() => setColorScheme(scheme === "dark" ? "light" : "dark")}
      >
        {scheme === "dark" ? <SunIcon /> : <MoonIcon />}
      </ActionIcon>
    </Tooltip>
  );
}

function SignOutButton({ user }: { user: string }): ReactNode {
  function signOut(): void {
    call("signOut", {}).then(() => connectionStore.setState({ signInNeeded: true }), showError);
  }
  return (
    <Tooltip label={`Sign out ${user}`}>
      <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Sign out" onClick={signOut}>
        <SignOutIcon />
      </ActionIcon>
    </Tooltip>
  );
}
