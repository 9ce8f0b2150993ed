/** @file Puts the page together: styles, providers, live events, the app. */
import "@mantine/core/styles.css";
import "./styles/global.css";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { followOtherTabs } from "./state/deleted-pictures.ts";
import { startLive } from "./state/live.ts";
import { queryClient } from "./api/queries.ts";
import { App } from "./app.tsx";
import { cssVariables, theme } from "./styles/theme.ts";

startLive();
followOtherTabs();
globalThis.addEventListener("vite:preloadError", reloadForNewBuild);

const root = document.querySelector("#root");
if (root === null) throw new TypeError("index.html has no element #root");

createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <QueryClientProvider client={queryClient}>
        <App />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);

/** Reloads the page if a tab's file is missing because Lexeme was updated meanwhile; forms survive. At most once in 10 s, so that it does not reload forever. */
function reloadForNewBuild(event: Event): void {
  const last = Number(sessionStorage.getItem("lexeme.reloaded") ?? 0);
  if (Date.now() - last < 10_000) return;
  event.preventDefault();
  sessionStorage.setItem("lexeme.reloaded", String(Date.now()));
  location.reload();
}
