/** @file What a start would do, asked of the server before the press, and the reasons why it cannot, each for its field. */
import type { PreprocessSettings } from "@lexeme/domain/settings";
import type { PreprocessPlan } from "@lexeme/protocol";
import { useRoute } from "../../api/queries.ts";
import { messageOf } from "../../ui/feedback/message-of.ts";

export interface KnownPlan {
  /** Undefined while it is not known, and if the settings cannot be planned. */
  plan: PreprocessPlan | undefined;
  /** Why the source or the destination cannot be used. */
  problems: Partial<Record<"processSrc" | "processDst", string>>;
  /** The destination is outside the folders that may be written to. */
  isDestinationOutside: boolean;
  /** Why the settings cannot be planned, if the reason belongs to neither field. */
  fault: string | null;
}

/** The plan of these settings; of null, which stands for settings that cannot be sent, nothing is known. */
export function usePreprocessPlan(settings: PreprocessSettings | null): KnownPlan {
  const asked = useRoute("planPreprocess", settings === null ? null : { body: settings });
  const field = asked.error?.details?.["field"];
  const isPlaced = field === "processSrc" || field === "processDst";
  return {
    plan: asked.data,
    problems: asked.error !== null && isPlaced ? { [field]: asked.error.message } : {},
    isDestinationOutside: field === "processDst" && asked.error?.code === "PATH_OUTSIDE",
    fault: asked.error === null || isPlaced ? null : messageOf(asked.error),
  };
}
