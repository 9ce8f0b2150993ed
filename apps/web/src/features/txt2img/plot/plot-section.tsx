/** @file The script below txt2img's settings: "X/Y/Z plot" with its three axes, as A1111 lays it out. */
import { Button, Collapse, Select } from "@mantine/core";
import { XYZ_AXIS_NAMES, type XyzAxisType } from "@lexeme/domain/plot";
import type { ReactNode } from "react";
import { useWords } from "../../../parts/embeddings/embedding-words.ts";
import { SCRIPTS, setScript } from "../../../state/script.ts";
import { useSession } from "../../../state/session.ts";
import { CheckField, NumberField, SelectField } from "../../../ui/fields/fields.tsx";
import { FieldRow } from "../../../ui/layout/tab-layout.tsx";
import { PlotAxisFields } from "./plot-axis-fields.tsx";
import { errorOf, type PlotForm } from "./plot-form.ts";
import styles from "./plot-section.module.css";

/** Types whose axis is about one embedding. */
const EMBEDDING_TYPES: readonly XyzAxisType[] = ["Embedding weight", "Training copy"];
const SWAPS = [
  ["x", "y"],
  ["y", "z"],
  ["x", "z"],
] as const;

export function PlotSection({ plot, prompt }: { plot: PlotForm; prompt: string }): ReactNode {
  const { form, script } = plot;
  const { field, values, patch } = form;
  const { words: embeddings } = useWords();
  const current = useSession((state) => state.embedding);
  const usable = embeddings.filter(({ misfitReason }) => misfitReason === null).map(({ name }) => name);
  const isAboutEmbedding = XYZ_AXIS_NAMES.some((name) => EMBEDDING_TYPES.includes(values[`${name}Type`]));
  const chosen = values.xyzEmbedding;

  function chooseType(name: (typeof XYZ_AXIS_NAMES)[number], type: XyzAxisType): void {
    const named = usable.find((one) => prompt.toLowerCase().includes(one.toLowerCase()));
    const needsOne = EMBEDDING_TYPES.includes(type) && chosen === "";
    patch({ [`${name}Type`]: type, ...(needsOne && { xyzEmbedding: named ?? current ?? "" }) });
  }

  return (
    <section className={styles["section"]} aria-label="Script">
      <Select
        label="Script"
        data={[...SCRIPTS]}
        value={script}
        allowDeselect={false}
        onChange={(value) => setScript(SCRIPTS.find((one) => one === value) ?? "None")}
      />
      <Collapse expanded={script !== "None"}>
        <div className={styles["body"]}>
          {XYZ_AXIS_NAMES.map((name) => (
            <PlotAxisFields key={name} name={name} plot={plot} onType={(type) => chooseType(name, type)} />
          ))}
          <div className={styles["swaps"]}>
            {SWAPS.map(([a, b]) => (
              <Button
                key={a + b}
                size="compact-xs"
                variant="default"
                onClick={() =>
                  patch({
                    [`${a}Type`]: values[`${b}Type`],
                    [`${a}Values`]: values[`${b}Values`],
                    [`${b}Type`]: values[`${a}Type`],
                    [`${b}Values`]: values[`${a}Values`],
                  })
                }
              >
                {`Swap ${a.toUpperCase()}/${b.toUpperCase()}`}
              </Button>
            ))}
          </div>
          {isAboutEmbedding ? (
            <SelectField
              field={{ ...field("xyzEmbedding"), error: errorOf(plot, "xyzEmbedding") }}
              options={chosen === "" || usable.includes(chosen) ? usable : [...usable, chosen]}
              searchable
              placeholder="None chosen"
            />
          ) : null}
          <div className={styles["checks"]}>
            <CheckField field={field("drawLegend")} />
            <CheckField field={field("keepRandomSeeds")} />
            {values.zType === "Nothing" ? null : <CheckField field={field("includeSubGrids")} />}
          </div>
          <FieldRow>
            <NumberField field={field("marginSize")} min={0} max={500} suffix=" px" />
          </FieldRow>
        </div>
      </Collapse>
    </section>
  );
}
