/** @file The content of the chosen dataset directory. */
import type { LexemeError } from "@lexeme/core";
import type { Dataset } from "@lexeme/protocol";
import { useDebouncedValue } from "@mantine/hooks";
import type { UseQueryResult } from "@tanstack/react-query";
import { useRoute } from "../../../api/queries.ts";
import { useFormValues } from "../../../parts/form/use-form.ts";
import { trainForm } from "../../../state/forms.ts";

/** A path is looked up after this pause in typing. */
const TYPING_PAUSE_MS = 300;

export function useDataset(): UseQueryResult<Dataset, LexemeError> {
  const typed = useFormValues(trainForm, ({ dataRoot }) => dataRoot);
  const [dataRoot] = useDebouncedValue(typed, TYPING_PAUSE_MS);
  return useRoute("getDataset", dataRoot === "" ? null : { query: { path: dataRoot } });
}
