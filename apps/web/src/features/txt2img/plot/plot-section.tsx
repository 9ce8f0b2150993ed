/** @file The script below txt2img's settings: "X/Y/Z plot" with its three axes, as A1111 lays it out. */
import { Button, Collapse, Select } from "@mantine/core";
import { axisRow, XYZ_AXIS_NAMES, type XyzAxisType } from "@lexeme/domain/plot";
import { useEffect, useRef, type ReactNode } from "react";
import { useWords } from "../../../parts/embeddings/embedding-words.ts";
import { NO_SCRIPT, SCRIPTS, setScript } from "../../../state/script.ts";
import { useSession } from "../../../state/session.ts";
import { FormCheck, FormNumber } from "../../../parts/form/form-fields.tsx";
import { useFormValues } from "../../../parts/form/use-form.ts";
import { plotForm, txt2imgForm } from "../../../state/forms.ts";
import { SelectField } from "../../../ui/fields/fields.tsx";
import { scrollIntoSight } from "../../../ui/layout/scroll-into-sight.ts";
import { FieldRow } from "../../../ui/layout/tab-layout.tsx";
import { PlotAxisFields } from "./plot-axis-fields.tsx";
import { usePlotField, usePlotReading, type PlotReading } from "./plot-form.ts";
import styles from "./plot-section.module.css";

const SWAPS = [
  ["x", "y"],
  ["y", "z"],
  ["x", "z"],
] as const;

export function PlotSection(): ReactNode {
  const plot = usePlotReading();
  const { xType, yType, zType } = useFormValues(plotForm, (values) => ({
    xType: values.xType,
    yType: values.yType,
    zType: values.zType,
  }));
  const { words: embeddings } = useWords();
  const current = useSession((state) => state.embedding);
  const usable = embeddings.filter(({ misfitReason }) => misfitReason === null).map(({ name }) => name);
  const section = useRef<HTMLElement>(null);
  // Only a choice made here scrolls, not a script that was chosen before the page was loaded.
  const wasChosen = useRef(false);
  useEffect(() => {
    if (wasChosen.current && plot.script !== NO_SCRIPT && section.current !== null) scrollIntoSight(section.current);
    wasChosen.current = false;
  }, [plot.script]);
  const isAboutEmbedding = [xType, yType, zType].some((type) => axisRow(type).isAboutEmbedding);

  function chooseType(name: (typeof XYZ_AXIS_NAMES)[number], type: XyzAxisType): void {
    const { prompt } = txt2imgForm.read().values;
    const named = usable.find((one) => prompt.toLowerCase().includes(one.toLowerCase()));
    const needsOne = axisRow(type).isAboutEmbedding === true && plotForm.read().values.xyzEmbedding === "";
    plotForm.patch({ [`${name}Type`]: type, ...(needsOne && { xyzEmbedding: named ?? current ?? "" }) });
  }

  return (
    <section ref={section} className={styles["section"]} aria-label="Script">
      <Select
        label="Script"
        data={[...SCRIPTS]}
        value={plot.script}
        allowDeselect={false}
        onChange={(value) => {
          wasChosen.current = true;
          setScript(SCRIPTS.find((one) => one === value) ?? NO_SCRIPT);
        }}
      />
      {/* Without a transition its full height can be scrolled to at once. */}
      <Collapse expanded={plot.script !== NO_SCRIPT} transitionDuration={0}>
        <div className={styles["body"]}>
          {XYZ_AXIS_NAMES.map((name) => (
            <PlotAxisFields key={name} name={name} plot={plot} onType={(type) => chooseType(name, type)} />
          ))}
          <div className={styles["swaps"]}>
            {SWAPS.map(([a, b]) => (
              <Button key={a + b} size="compact-xs" variant="default" onClick={() => swapAxes(a, b)}>
                {`Swap ${a.toUpperCase()}/${b.toUpperCase()}`}
              </Button>
            ))}
          </div>
          {isAboutEmbedding ? <PlotEmbedding plot={plot} usable={usable} /> : null}
          <div className={styles["checks"]}>
            <FormCheck form={plotForm} name="drawLegend" />
            <FormCheck form={plotForm} name="keepRandomSeeds" />
            {axisRow(zType).isEmpty ? null : <FormCheck form={plotForm} name="includeSubGrids" />}
          </div>
          <FieldRow>
            <FormNumber form={plotForm} name="marginSize" suffix=" px" />
          </FieldRow>
        </div>
      </Collapse>
    </section>
  );
}

function PlotEmbedding({ plot, usable }: { plot: PlotReading; usable: readonly string[] }): ReactNode {
  const field = usePlotField("xyzEmbedding", plot);
  const options = field.value === "" || usable.includes(field.value) ? usable : [...usable, field.value];
  return <SelectField field={field} options={options} placeholder="None chosen" />;
}

function swapAxes(a: (typeof XYZ_AXIS_NAMES)[number], b: (typeof XYZ_AXIS_NAMES)[number]): void {
  const { values } = plotForm.read();
  plotForm.patch({
    [`${a}Type`]: values[`${b}Type`],
    [`${a}Values`]: values[`${b}Values`],
    [`${b}Type`]: values[`${a}Type`],
    [`${b}Values`]: values[`${a}Values`],
  });
}
