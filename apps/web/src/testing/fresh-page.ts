/** @file Set-up of all component tests: every test begins with a page that was just loaded. */
import { cleanup } from "@testing-library/react";
import { toast } from "sonner";
import { afterEach, beforeEach, vi } from "vitest";
import { queryClient } from "../api/queries.ts";
import { createForm, plotForm, preprocessForm, trainForm, txt2imgForm } from "../state/forms.ts";
import { connectionStore } from "../state/connection.ts";
import { applySnapshot } from "../state/jobs.ts";
import { forgetDrawings } from "../state/drawing-choice.ts";
import { scriptStore } from "../state/script.ts";
import { sessionStore } from "../state/session.ts";

const FORMS = [createForm, preprocessForm, trainForm, txt2imgForm, plotForm];

// happy-dom loads no fonts; Mantine's growing text areas listen for some.
Object.defineProperty(document, "fonts", { value: new EventTarget(), configurable: true });

beforeEach(() => {
  // The files share the modules, and with them the stores.
  for (const form of FORMS) form.reset();
  sessionStore.setState(sessionStore.getInitialState());
  scriptStore.setState(scriptStore.getInitialState());
  connectionStore.setState(connectionStore.getInitialState());
  forgetDrawings();
  applySnapshot([]);
});

afterEach(() => {
  toast.dismiss();
  cleanup();
  queryClient.clear();
  localStorage.clear();
  sessionStorage.clear();
  vi.unstubAllGlobals();
});
