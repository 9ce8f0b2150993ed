/** @file The address of an embedding's notebook in the page. */

/** `path` says which file is meant if several have the name. */
export function notebookAddress({ name, path }: { name: string; path?: string | undefined }): string {
  const query = path === undefined ? "" : `?${new URLSearchParams({ path }).toString()}`;
  return `/notebook/${encodeURIComponent(name)}${query}`;
}
