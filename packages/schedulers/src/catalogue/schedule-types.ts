/** @file The schedule types in A1111's list: names, and the facts that code and infotext depend on. */

interface ScheduleFacts {
  /** A1111's key; A1111's label is the name in this table. */
  readonly key: string;
  /** Other spellings that A1111 lists. */
  readonly aliases?: readonly string[];
  /** The default of rho, the steepness; left out if the schedule has no rho. */
  readonly rho?: number;
  /** A1111 passes the model to the schedule's function. */
  readonly needsModel?: true;
  /** The schedule picks from the model's own sigmas, so it cannot have more sigmas than the model. */
  readonly picksFromTable?: true;
  /** The last sigma is the smallest above 0, with no 0 after it. */
  readonly endsAboveZero?: true;
}

const CATALOGUE = {
  Automatic: { key: "automatic" },
  Uniform: { key: "uniform", needsModel: true },
  Karras: { key: "karras", rho: 7 },
  Exponential: { key: "exponential" },
  Polyexponential: { key: "polyexponential", rho: 1 },
  "SGM Uniform": { key: "sgm_uniform", aliases: ["SGMUniform"], needsModel: true },
  "KL Optimal": { key: "kl_optimal", endsAboveZero: true },
  "Align Your Steps": { key: "align_your_steps" },
  Simple: { key: "simple", needsModel: true, picksFromTable: true },
  Normal: { key: "normal", needsModel: true },
  DDIM: { key: "ddim", needsModel: true, picksFromTable: true },
  Beta: { key: "beta", needsModel: true },
} as const satisfies Record<string, ScheduleFacts>;

export type ScheduleType = keyof typeof CATALOGUE;

/** Stands for the sampler's own choice; the first type of the list and the default. */
export const AUTOMATIC_SCHEDULE = "Automatic" satisfies ScheduleType;

/** A schedule with its own formula. */
export type NamedSchedule = Exclude<ScheduleType, typeof AUTOMATIC_SCHEDULE>;

export const SCHEDULES: Readonly<Record<ScheduleType, ScheduleFacts>> = CATALOGUE;

/** The types in A1111's order. */
export const SCHEDULE_TYPES = Object.keys(CATALOGUE) as readonly ScheduleType[];

/** Every spelling of every schedule, in lower case: label, key, aliases, and the label without blanks. */
const SPELLINGS: ReadonlyMap<string, ScheduleType> = new Map(
  SCHEDULE_TYPES.flatMap((type) => {
    const { key, aliases = [] } = SCHEDULES[type];
    const spellings = [type, key, ...aliases, type.replaceAll(" ", "")];
    return spellings.map((spelling) => [spelling.toLowerCase(), type] as const);
  }),
);

/** The schedule with this name, in upper or lower case; undefined if there is none. */
export function readScheduleType(text: string): ScheduleType | undefined {
  return SPELLINGS.get(text.toLowerCase());
}

/** The schedules whose name is at the end of the text, after a blank, each with the text before it. */
export function schedulesAtEnd(text: string): { readonly rest: string; readonly scheduleType: ScheduleType }[] {
  const lower = text.toLowerCase();
  return [...SPELLINGS].flatMap(([spelling, scheduleType]) =>
    lower.endsWith(` ${spelling}`) ? [{ rest: text.slice(0, -spelling.length - 1), scheduleType }] : [],
  );
}
