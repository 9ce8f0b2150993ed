/** @file The content of the chosen dataset directory. */
import { useDebouncedValue } from "@mantine/hooks";
import { useFolderPictures, type FolderPictures } from "../../../parts/folders/use-folder-pictures.ts";
import { useFormValues } from "../../../parts/form/use-form.ts";
import { trainForm } from "../../../state/forms.ts";

/** A path is looked up after this pause in typing. */
const TYPING_PAUSE_MS = 300;

export function useDataset(): FolderPictures {
  const typed = useFormValues(trainForm, ({ dataRoot }) => dataRoot);
  const [dataRoot] = useDebouncedValue(typed, TYPING_PAUSE_MS);
  return useFolderPictures(dataRoot);
}
