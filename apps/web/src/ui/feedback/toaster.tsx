/** @file The place of short messages, in the colours and shapes of the page. */
import { useComputedColorScheme } from "@mantine/core";
import type { ReactNode } from "react";
import { Toaster as SonnerToaster } from "sonner";
import styles from "./toaster.module.css";

export function Toaster(): ReactNode {
  const scheme = useComputedColorScheme("light");
  return (
    <SonnerToaster
      theme={scheme}
      className={styles["toaster"] ?? ""}
      position="bottom-right"
      closeButton
      toastOptions={{ closeButtonAriaLabel: "Close message" }}
      offset={72}
      mobileOffset={{ bottom: 196 }}
    />
  );
}
