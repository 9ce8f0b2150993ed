/** @file What two pictures' infotexts say differently. */
import { parseInfotext } from "@lexeme/domain/infotext";

export interface Difference {
  name: string;
  /** Empty if that picture does not say it. */
  left: string;
  right: string;
}

/** The prompts and settings that differ, in the order of the left picture. */
export function differences(left: string | null, right: string | null): Difference[] {
  const [a, b] = [entriesOf(left), entriesOf(right)];
  const names = new Set([...a.keys(), ...b.keys()]);
  return [...names]
    .map((name) => ({ name, left: a.get(name) ?? "", right: b.get(name) ?? "" }))
    .filter((one) => one.left !== one.right);
}

function entriesOf(infotext: string | null): ReadonlyMap<string, string> {
  const { prompt, negativePrompt, parameters } = parseInfotext(infotext ?? "");
  return new Map([["Prompt", prompt], ["Negative prompt", negativePrompt], ...parameters]);
}
