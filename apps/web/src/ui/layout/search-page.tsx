/** @file A page that is searched: a bar with title, search field and tools, and the results below it. */
import { TextInput } from "@mantine/core";
import type { ComponentProps, ReactNode } from "react";
import { SearchIcon } from "../icons/icons.tsx";
import styles from "./search-page.module.css";

export interface SearchPageProps extends ComponentProps<"div"> {
  title: string;
  search: {
    value: string;
    onChange: (value: string) => void;
    /** The name for screen readers. */
    label: string;
    placeholder: string;
  };
  /** Controls after the search field. */
  tools: ReactNode;
}

/** Fills the available height; its children scroll by themselves. `data-over` marks it as the place to drop a file. */
export function SearchPage({ title, search, tools, children, ...rest }: SearchPageProps): ReactNode {
  return (
    <div {...rest} className={styles["page"]}>
      <header className={styles["head"]}>
        <h1 className={styles["title"]}>{title}</h1>
        <TextInput
          className={styles["search"] ?? ""}
          type="search"
          aria-label={search.label}
          placeholder={search.placeholder}
          leftSection={<SearchIcon />}
          value={search.value}
          onChange={(event) => search.onChange(event.currentTarget.value)}
        />
        {tools}
      </header>
      {children}
    </div>
  );
}
