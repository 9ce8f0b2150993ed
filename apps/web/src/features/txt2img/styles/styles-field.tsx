/** @file The styles that are added to the prompts, and a menu to make, edit and insert them. */
import { ActionIcon, Menu, MultiSelect, Tooltip } from "@mantine/core";
import { applyStyles, type PromptStyle } from "@lexeme/domain/styles";
import { useState, type ReactNode } from "react";
import { useField } from "../../../parts/form/use-form.ts";
import { txt2imgForm } from "../../../state/forms.ts";
import { MoreIcon } from "../../../ui/icons/icons.tsx";
import { StyleEditor, type EditedStyle } from "./style-editor.tsx";
import styles from "./styles-field.module.css";
import { useStyles } from "./use-styles.ts";

export function StylesField(): ReactNode {
  const field = useField(txt2imgForm, "styles");
  const actions = useStyles();
  const [edited, setEdited] = useState<EditedStyle | null>(null);
  const known = actions.list?.styles ?? [];
  const names = known.map(({ name }) => name);
  const missing = actions.list === undefined ? [] : field.value.filter((name) => !names.includes(name));
  const chosen = field.value
    .map((name) => known.find((style) => style.name === name))
    .filter((style): style is PromptStyle => style !== undefined);

  return (
    <div className={styles["field"]}>
      <MultiSelect
        label="Styles"
        className={styles["select"] ?? ""}
        data={[...new Set([...names, ...missing])]}
        value={field.value}
        searchable
        clearable
        hidePickedOptions
        nothingFoundMessage={names.length === 0 ? "No styles yet" : "No style matches the search"}
        {...(field.value.length === 0 ? { placeholder: names.length === 0 ? "No styles yet" : "None" } : {})}
        clearButtonProps={{ "aria-label": "Remove all styles" }}
        error={missing.length > 0 ? `There is no style “${missing[0] ?? ""}” in styles.csv any more` : field.error}
        onChange={field.onChange}
      />
      <Menu position="bottom-end" shadow="md">
        <Menu.Target>
          <Tooltip label="Make, edit and insert styles">
            <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Make, edit and insert styles">
              <MoreIcon />
            </ActionIcon>
          </Tooltip>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setEdited({ name: null, ...prompts() })}>Save the prompts as a style…</Menu.Item>
          <Menu.Item
            disabled={chosen.length === 0}
            onClick={() => txt2imgForm.patch({ ...applyStyles(prompts(), chosen), styles: missing })}
          >
            Write the chosen styles into the prompts
          </Menu.Item>
          <Menu.Item onClick={() => setEdited(editedFrom(chosen[0] ?? known[0]))}>Edit styles…</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <StyleEditor
        edited={edited}
        onEdit={setEdited}
        actions={actions}
        prompts={prompts}
        onRename={(from, to) => field.onChange(field.value.map((name) => (name === from ? to : name)))}
        onRemove={(name) => field.onChange(field.value.filter((one) => one !== name))}
      />
    </div>
  );
}

function editedFrom(style: PromptStyle | undefined): EditedStyle {
  return style ?? { name: null, prompt: "", negativePrompt: "" };
}

/** The prompts at the time of the call; a menu and a dialog need not follow every key. */
function prompts(): { prompt: string; negativePrompt: string } {
  const { prompt, negativePrompt } = txt2imgForm.read().values;
  return { prompt, negativePrompt };
}
