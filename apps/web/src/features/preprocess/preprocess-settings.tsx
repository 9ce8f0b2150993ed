/** @file The settings of Preprocess, in A1111's order, each with a line that says what it does. */
import { PreprocessSettingsSchema } from "@lexeme/domain/settings";
import { Button, Collapse } from "@mantine/core";
import type { ReactNode } from "react";
import type { PersistentForm } from "../../parts/form/persistent-form.ts";
import { CheckField, NumberField, SelectField } from "../../ui/fields/fields.tsx";
import { FolderField } from "../../parts/folders/folder-field.tsx";
import { UploadIcon } from "../../ui/icons/icons.tsx";
import { SizeField } from "../../parts/form/size-field.tsx";
import { FieldRow } from "../../ui/layout/tab-layout.tsx";
import styles from "./preprocess-page.module.css";

const CAPTION_ACTIONS = [
  { value: "ignore", label: "ignore" },
  { value: "copy", label: "copy" },
  { value: "prepend", label: "prepend" },
  { value: "append", label: "append" },
] as const;

export function PreprocessSettingsFields(props: {
  form: PersistentForm<typeof PreprocessSettingsSchema>;
  datasetsFolder: string;
  /** Why the source cannot be read. */
  sourceProblem: string | null;
  onUpload: () => void;
}): ReactNode {
  const { form, datasetsFolder, sourceProblem, onUpload } = props;
  const source = form.field("processSrc");
  const { processSplit, processFocalCrop, processKeepOriginalSize } = form.values;
  return (
    <>
      <div className={styles["sourceField"]}>
        <FolderField
          field={{ ...source, error: source.error ?? sourceProblem ?? undefined }}
          placeholder="A folder of this server"
        />
        <Button variant="default" leftSection={<UploadIcon />} onClick={onUpload} fullWidth>
          Upload pictures
        </Button>
      </div>
      <FolderField
        field={form.field("processDst")}
        forWriting
        start={datasetsFolder}
        description="Made if it does not exist"
      />
      <FieldRow>
        <SizeField field={form.field("processWidth")} disabled={processKeepOriginalSize} />
        <SizeField field={form.field("processHeight")} disabled={processKeepOriginalSize} />
      </FieldRow>
      <SelectField field={form.field("preprocessTxtAction")} options={CAPTION_ACTIONS} />
      <div className={styles["checks"]}>
        <CheckField field={form.field("captionFromFilename")} />
        <CheckField
          field={form.field("processKeepOriginalSize")}
          description="Copies upright, without cutting or scaling"
        />
        <CheckField
          field={form.field("processFlip")}
          description="A mirrored copy of each; not for faces with a parting, text or anything one-sided"
        />
        <CheckField
          field={form.field("processSplit")}
          description="Tall or wide pictures become several overlapping ones"
        />
        <Collapse expanded={processSplit}>
          <div className={styles["inner"]}>
            <NumberField
              field={form.field("splitThreshold")}
              description="Split when the picture's shape is this far from the target's; 1 is the same shape"
              min={0}
              max={1}
              step={0.05}
              decimals={2}
            />
            <NumberField
              field={form.field("overlapRatio")}
              description="How much neighbours share"
              min={0}
              max={0.9}
              step={0.05}
              decimals={2}
            />
          </div>
        </Collapse>
        <CheckField
          field={form.field("processFocalCrop")}
          description="Cuts around what stands out instead of the middle"
        />
        <Collapse expanded={processFocalCrop}>
          <div className={styles["inner"]}>
            <NumberField
              field={form.field("processFocalCropEntropyWeight")}
              description="Weight of where most is going on"
              min={0}
              max={1}
              step={0.05}
              decimals={2}
            />
            <NumberField
              field={form.field("processFocalCropEdgesWeight")}
              description="Weight of where corners gather"
              min={0}
              max={1}
              step={0.05}
              decimals={2}
            />
          </div>
        </Collapse>
        <CheckField
          field={form.field("overwriteDestination")}
          description="Replaces files of the same name; otherwise nothing there is touched"
        />
      </div>
      {Object.keys(PreprocessSettingsSchema.shape).some((name) => !form.field(name as never).isDefault) ? (
        <Button variant="subtle" size="compact-sm" className={styles["reset"] ?? ""} onClick={() => form.reset()}>
          Reset to defaults
        </Button>
      ) : null}
    </>
  );
}
