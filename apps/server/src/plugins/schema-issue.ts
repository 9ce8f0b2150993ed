/** @file A schema's issue as a sentence. Sentences from the schemas are kept; zod's own messages are replaced by plain words. */
import type { z } from "zod";

type Issue = z.core.$ZodIssue;

/** A sentence about the issue, without a final period. A sentence that does not come from a schema begins with `field`. */
export function issueSentence(issue: Issue, field: string): string {
  return isZods(issue) ? `${field || "The request"} ${houseWords(issue)}` : withoutPeriod(issue.message);
}

/** The reason alone, for a list whose entries name the field already: "must be a number", or the schema's own sentence. */
export function issueReason(issue: Issue): string {
  return isZods(issue) ? houseWords(issue) : withoutPeriod(issue.message);
}

function isZods({ message }: Issue): boolean {
  return /^(Invalid|Too small|Too big|Unrecognized)\b/.test(message);
}

function withoutPeriod(message: string): string {
  return message.replace(/\.$/, "");
}

function houseWords(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return issue.message.endsWith("received undefined") ? "is missing" : `must be ${withArticle(issue.expected)}`;
    case "too_small":
      return `must ${size(issue.origin, issue.inclusive === false ? "more than" : "at least", issue.minimum)}`;
    case "too_big":
      return `must ${size(issue.origin, issue.inclusive === false ? "less than" : "at most", issue.maximum)}`;
    case "invalid_value":
      return `must be one of ${issue.values.map(String).join(", ")}`;
    case "invalid_union":
      return `must be one of ${
        issue.message
          .replace(/^[^']*/, "")
          .replaceAll("'", "")
          .replaceAll(" | ", ", ") || "the allowed values"
      }`;
    case "not_multiple_of":
      return `must be a multiple of ${issue.divisor}`;
    case "unrecognized_keys":
      return `has unknown fields: ${issue.keys.join(", ")}`;
    case "invalid_format":
    case "invalid_key":
    case "invalid_element":
    case "custom":
      return "does not have the expected form";
  }
}

function size(origin: string, relation: string, bound: number | bigint): string {
  if (origin === "string") return `have ${relation} ${bound} characters`;
  return origin === "array" || origin === "set" ? `have ${relation} ${bound} entries` : `be ${relation} ${bound}`;
}

function withArticle(type: string): string {
  if (type === "int") return "a whole number";
  if (type === "string") return "a text";
  return `${/^[aeiou]/.test(type) ? "an" : "a"} ${type}`;
}
