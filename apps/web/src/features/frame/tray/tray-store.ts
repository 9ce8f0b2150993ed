/** @file Whether the jobs' tray is open: the header's button and the tray itself both change it. */
import { createStore, type StoreApi } from "zustand/vanilla";

export const trayStore: StoreApi<{ open: boolean }> = createStore(() => ({ open: false }));

export function toggleTray(): void {
  trayStore.setState(({ open }) => ({ open: !open }));
}
