/** @file Which page a URL shows, inside the frame. Each tab is loaded when it is first opened. */
import type { Job } from "@lexeme/protocol";
import { lazy, Suspense, useEffect, useState, type ComponentType, type ReactNode } from "react";
import { Redirect, Route, Switch, useLocation } from "wouter";
import { useCheckpoints } from "./api/queries.ts";
import { Frame } from "./features/frame/frame.tsx";
import { SignInPage } from "./features/sign-in/sign-in-page.tsx";
import { tabAt, TABS, type TabPath } from "./parts/tabs/tabs.ts";
import { useFailures } from "./parts/jobs/failures.ts";
import { viewOf } from "./parts/jobs/job-kinds.ts";
import { useConnection } from "./state/connection.ts";
import { useJobs, useRunningJob } from "./state/jobs.ts";
import { isNewBrowser, useSession } from "./state/session.ts";
import { ErrorBoundary } from "./ui/feedback/error-boundary.tsx";
import { Toaster } from "./ui/feedback/toaster.tsx";
import { Waiting } from "./ui/feedback/waiting.tsx";

/** A page for every tab: a tab without one does not compile. */
const TAB_PAGES: { readonly [P in TabPath]: ComponentType } = {
  "/create": lazy(async () => ({ default: (await import("./features/create/create-page.tsx")).CreatePage })),
  "/preprocess": lazy(async () => ({
    default: (await import("./features/preprocess/preprocess-page.tsx")).PreprocessPage,
  })),
  "/train": lazy(async () => ({ default: (await import("./features/train/train-page.tsx")).TrainPage })),
  "/txt2img": lazy(async () => ({ default: (await import("./features/txt2img/txt2img-page.tsx")).Txt2imgPage })),
  "/gallery": lazy(async () => ({ default: (await import("./features/gallery/gallery-page.tsx")).GalleryPage })),
  "/png-info": lazy(async () => ({
    default: (await import("./features/picture-info/picture-info-page.tsx")).PictureInfoPage,
  })),
};
const WelcomePage = lazy(async () => ({ default: (await import("./features/welcome/welcome-page.tsx")).WelcomePage }));
const SettingsPage = lazy(async () => ({
  default: (await import("./features/settings/settings-page.tsx")).SettingsPage,
}));
const BinPage = lazy(async () => ({ default: (await import("./features/bin/bin-page.tsx")).BinPage }));
const NotebookPage = lazy(async () => ({
  default: (await import("./features/notebook/notebook-page.tsx")).NotebookPage,
}));

export function App(): ReactNode {
  const signInNeeded = useConnection((state) => state.signInNeeded);
  return (
    <>
      {signInNeeded ? <SignInPage /> : <Pages />}
      <Toaster />
    </>
  );
}

function Pages(): ReactNode {
  const [location] = useLocation();
  return (
    <Frame>
      {/* The key gives every page its own boundary: a page that failed does not take the next one down. */}
      <ErrorBoundary key={location}>
        <Suspense fallback={<Waiting />}>
          <Switch>
            <Route path="/welcome" component={WelcomePage} />
            {TABS.map(({ path }) => (
              <Route key={path} path={path} component={TAB_PAGES[path]} />
            ))}
            <Route path="/notebook/:name" component={NotebookPage} />
            <Route path="/settings" component={SettingsPage} />
            <Route path="/bin" component={BinPage} />
            <Route component={FirstPage} />
          </Switch>
        </Suspense>
      </ErrorBoundary>
    </Frame>
  );
}

/** How long a new browser waits for the jobs: the list can take long to open, and does not open on a full disk. */
const PATIENCE_MS = 3000;

/**
 * The tab that was open last, or the welcome page as long as only the demo can be used and it was not begun. A browser that was never here
 * begins where a job runs, or where the newest job failed.
 */
function FirstPage(): ReactNode {
  const [isNew] = useState(isNewBrowser);
  const running = useRunningJob();
  const newest = useJobs(({ jobs }) => Object.values(jobs).reduce(newerJob, null));
  const failure = useFailures().find((job) => job === newest) ?? null;
  const begin = running ?? failure;
  const knowsJobs = useJobs(({ generation }) => generation > 0);
  const isLost = useConnection(({ socket }) => socket === "lost");
  const [isPatient, setPatient] = useState(isNew);
  useEffect(() => {
    const timer = setTimeout(() => setPatient(false), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  const checkpoints = useCheckpoints();
  const lastTab = tabAt(useSession((state) => state.lastTab))?.path ?? "/create";
  const guide = useSession((state) => state.guide);
  if (checkpoints.isPending || (isPatient && !knowsJobs && !isLost)) return <Waiting />;
  if (isNew && begin !== null) return <TabOfJob job={begin} />;
  const hasOwn = (checkpoints.data ?? []).some((one) => !one.isDemo && one.unsupportedReason === null);
  return <Redirect to={hasOwn || guide !== "off" || checkpoints.isError ? lastTab : "/welcome"} replace />;
}

function newerJob(newest: Job | null, job: Job): Job {
  return newest === null || job.createdAt > newest.createdAt ? job : newest;
}

function TabOfJob({ job }: { job: Job }): ReactNode {
  const { tab, show } = viewOf(job);
  useEffect(() => show(job), [job, show]);
  return <Redirect to={tab} replace />;
}
