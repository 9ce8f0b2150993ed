/** @file Where in the page the notebook of an embedding is. */

/** `path` tells which file where several have the name. */
export function notebookAddress({ name, path }: { name: string; path?: string | undefined }): string {
  const query = path === undefined ? "" : `?${new URLSearchParams({ path }).toString()}`;
  return `/notebook/${encodeURIComponent(name)}${query}`;
}
