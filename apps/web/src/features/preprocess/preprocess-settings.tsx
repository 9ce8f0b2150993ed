/** @file The settings of Preprocess, in A1111's order, each with a line that says what it does. */
import { PreprocessSettingsSchema, type PreprocessSettings } from "@lexeme/domain/settings";
import { Button, Collapse } from "@mantine/core";
import { memo, type ReactNode } from "react";
import { FormCheck, FormNumber, FormSelect, FormSize } from "../../parts/form/form-fields.tsx";
import { useChangedAmong, useField, useFormValues } from "../../parts/form/use-form.ts";
import { preprocessForm } from "../../state/forms.ts";
import { FolderField } from "../../parts/folders/folder-field.tsx";
import { UploadIcon } from "../../ui/icons/icons.tsx";
import { FieldRow } from "../../ui/layout/tab-layout.tsx";
import styles from "./preprocess-page.module.css";

/** Switches that show, hide or overrule other fields. */
const SWITCHES = ({ processSplit, processFocalCrop, processKeepOriginalSize }: PreprocessSettings) => ({
  processSplit,
  processFocalCrop,
  processKeepOriginalSize,
});

export interface PreprocessSettingsFieldsProps {
  datasetsFolder: string;
  /** Why the source cannot be read. */
  sourceProblem: string | null;
  onUpload: () => void;
}

export const PreprocessSettingsFields = memo(function PreprocessSettingsFields(
  props: PreprocessSettingsFieldsProps,
): ReactNode {
  const { datasetsFolder, sourceProblem, onUpload } = props;
  const { processSplit, processFocalCrop, processKeepOriginalSize } = useFormValues(preprocessForm, SWITCHES);
  const changed = useChangedAmong(preprocessForm, Object.keys(PreprocessSettingsSchema.shape));
  return (
    <>
      <div className={styles["sourceField"]}>
        <Source problem={sourceProblem} />
        <Button variant="default" leftSection={<UploadIcon />} onClick={onUpload} fullWidth>
          Upload pictures
        </Button>
      </div>
      <Destination datasetsFolder={datasetsFolder} />
      <FieldRow>
        <FormSize form={preprocessForm} name="processWidth" disabled={processKeepOriginalSize} />
        <FormSize form={preprocessForm} name="processHeight" disabled={processKeepOriginalSize} />
      </FieldRow>
      <FormSelect form={preprocessForm} name="preprocessTxtAction" />
      <div className={styles["checks"]}>
        <FormCheck form={preprocessForm} name="captionFromFilename" />
        <FormCheck
          form={preprocessForm}
          name="processKeepOriginalSize"
          description="Copies the pictures upright, without cutting or scaling"
        />
        <FormCheck
          form={preprocessForm}
          name="processFlip"
          description="Adds a mirrored copy of each picture; not for faces with a parting, text or other one-sided subjects"
        />
        <FormCheck
          form={preprocessForm}
          name="processSplit"
          description="Cuts tall or wide pictures into several overlapping ones"
        />
        <Collapse expanded={processSplit}>
          <div className={styles["inner"]}>
            <FormNumber
              form={preprocessForm}
              name="splitThreshold"
              description="Pictures are split if their shape is this far from the target's; 1 is the same shape"
              step={0.05}
            />
            <FormNumber
              form={preprocessForm}
              name="overlapRatio"
              description="The part that neighbouring pictures share"
              step={0.05}
            />
          </div>
        </Collapse>
        <FormCheck
          form={preprocessForm}
          name="processFocalCrop"
          description="Cuts around the most striking part instead of the middle"
        />
        <Collapse expanded={processFocalCrop}>
          <div className={styles["inner"]}>
            <FormNumber
              form={preprocessForm}
              name="processFocalCropEntropyWeight"
              description="Weight of the parts with the most detail"
              step={0.05}
            />
            <FormNumber
              form={preprocessForm}
              name="processFocalCropEdgesWeight"
              description="Weight of the parts with the most corners"
              step={0.05}
            />
          </div>
        </Collapse>
        <FormCheck
          form={preprocessForm}
          name="overwriteDestination"
          description="Replaces files of the same name; otherwise no file there is touched"
        />
      </div>
      {changed > 0 ? (
        <Button
          variant="subtle"
          size="compact-sm"
          className={styles["reset"] ?? ""}
          onClick={() => preprocessForm.reset()}
        >
          Reset to defaults
        </Button>
      ) : null}
    </>
  );
});

function Source({ problem }: { problem: string | null }): ReactNode {
  const field = useField(preprocessForm, "processSrc");
  return (
    <FolderField
      field={{ ...field, error: field.error ?? problem ?? undefined }}
      placeholder="A folder of this server"
    />
  );
}

function Destination({ datasetsFolder }: { datasetsFolder: string }): ReactNode {
  const field = useField(preprocessForm, "processDst");
  return <FolderField field={field} forWriting start={datasetsFolder} description="Created if it does not exist" />;
}
