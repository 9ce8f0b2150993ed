/** @file Paths in the forms follow the server's data folder to a new place. */
import { preprocessForm, trainForm } from "./forms.ts";
import { sessionStore, setSession } from "./session.ts";

/** Takes the server's data folder as it is now. If it was another when this tab last asked, remembered paths inside that one lead into this one. */
export function followDataFolder(dataDir: string): void {
  const { dataDir: before, dataset, datasets } = sessionStore.getState();
  if (before === dataDir) return;
  if (before !== null) {
    const moved = (path: string): string => (isInside(path, before) ? dataDir + path.slice(before.length) : path);
    const { processSrc, processDst } = preprocessForm.store.getState().changed;
    const { dataRoot, resumeFrom } = trainForm.store.getState().changed;
    if (typeof processSrc === "string") preprocessForm.patch({ processSrc: moved(processSrc) });
    if (typeof processDst === "string") preprocessForm.patch({ processDst: moved(processDst) });
    if (typeof dataRoot === "string") trainForm.patch({ dataRoot: moved(dataRoot) });
    if (typeof resumeFrom === "string") trainForm.patch({ resumeFrom: moved(resumeFrom) });
    if (dataset !== null) setSession({ dataset: moved(dataset) });
    setSession({ datasets: Object.fromEntries(Object.entries(datasets).map(([word, path]) => [word, moved(path)])) });
  }
  setSession({ dataDir });
}

function isInside(path: string, folder: string): boolean {
  return path === folder || (path.startsWith(folder) && /^[\\/]/u.test(path.slice(folder.length)));
}
