/** @file The settings of Preprocess, in A1111's order, each with a line that says what it does. */
import { PreprocessSettingsSchema, type PreprocessSettings } from "@lexeme/domain/settings";
import { Button, Collapse } from "@mantine/core";
import { memo, type ReactNode } from "react";
import { FormCheck, FormNumber, FormSelect, FormSize } from "../../parts/form/form-fields.tsx";
import { useChangedAmong, useField, useFormValues } from "../../parts/form/use-form.ts";
import { preprocessForm } from "../../state/forms.ts";
import { FolderField } from "../../parts/folders/folder-field.tsx";
import { UploadIcon } from "../../ui/icons/icons.tsx";
import { formatPlural } from "../../ui/text/format.ts";
import { FieldRow } from "../../ui/layout/tab-layout.tsx";
import styles from "./preprocess-page.module.css";

/** Switches that show, hide or overrule other fields. */
const SWITCHES = (settings: PreprocessSettings) => ({
  processSplit: settings.processSplit,
  processFocalCrop: settings.processFocalCrop,
  processKeepOriginalSize: settings.processKeepOriginalSize,
  overwriteDestination: settings.overwriteDestination,
});

export interface PreprocessSettingsFieldsProps {
  datasetsFolder: string;
  /** Why the source or the destination cannot be used. */
  sourceProblem: string | undefined;
  destinationProblem: string | undefined;
  isDestinationOutside: boolean;
  /** Why a start must wait although nothing is wrong: the pictures are there already. */
  destinationNote: string | undefined;
  /** The source is outside the folders that may be read. */
  isOutside: boolean;
  /** Number of pictures in the destination; null if it is not there yet. */
  existing: number | null;
  /** The source is an upload, to which more pictures are added. */
  isUpload: boolean;
  onUpload: () => void;
}

export const PreprocessSettingsFields = memo(function PreprocessSettingsFields(
  props: PreprocessSettingsFieldsProps,
): ReactNode {
  const { datasetsFolder, isOutside, existing, isUpload, onUpload } = props;
  const { processSplit, processFocalCrop, processKeepOriginalSize, overwriteDestination } = useFormValues(
    preprocessForm,
    SWITCHES,
  );
  const changed = useChangedAmong(preprocessForm, Object.keys(PreprocessSettingsSchema.shape));
  return (
    <>
      <div className={styles["sourceField"]}>
        <Source problem={props.sourceProblem} isUpload={isUpload} isOutside={isOutside} onUpload={onUpload} />
        <Button variant="default" leftSection={<UploadIcon />} onClick={onUpload} fullWidth>
          {isUpload ? "Add pictures" : "Upload pictures"}
        </Button>
      </div>
      <Destination
        datasetsFolder={datasetsFolder}
        problem={props.destinationProblem}
        isOutside={props.isDestinationOutside}
        note={props.destinationNote}
        existing={existing}
      />
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
          description="Replaces pictures of the same name; otherwise no file there is touched"
        />
        <Collapse expanded={overwriteDestination}>
          <div className={styles["inner"]}>
            <FormCheck
              form={preprocessForm}
              name="overwriteCaptions"
              description="Otherwise captions that are there stay, with your corrections"
            />
          </div>
        </Collapse>
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

function Source(props: {
  problem: string | undefined;
  isUpload: boolean;
  isOutside: boolean;
  onUpload: () => void;
}): ReactNode {
  const { problem, isUpload, isOutside, onUpload } = props;
  const field = useField(preprocessForm, "processSrc");
  return (
    <FolderField
      field={{ ...field, error: field.error ?? problem }}
      placeholder="A folder of this server"
      isOutside={isOutside}
      onUpload={onUpload}
      description={isUpload ? "Your upload: more pictures are added. Empty this field to begin another upload." : null}
    />
  );
}

function Destination(props: {
  datasetsFolder: string;
  problem: string | undefined;
  isOutside: boolean;
  note: string | undefined;
  existing: number | null;
}): ReactNode {
  const { datasetsFolder, problem, isOutside, note, existing } = props;
  const field = useField(preprocessForm, "processDst");
  const fact = existing === null ? "Created if it does not exist" : `Exists, with ${formatPlural(existing, "picture")}`;
  return (
    <FolderField
      field={{ ...field, error: field.error ?? problem }}
      forWriting
      isOutside={isOutside}
      start={datasetsFolder}
      description={note ?? fact}
    />
  );
}
