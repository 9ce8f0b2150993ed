/** @file A schema's complaint as a sentence. Sentences written in the schemas stay; zod's own are put into words of the house. */
import type { z } from "zod";

type Issue = z.core.$ZodIssue;

/** What is wrong, without a final period. `field` is named where the sentence does not stand for itself. */
export function issueSentence(issue: Issue, field: string): string {
  const own = /^(Invalid|Too small|Too big|Unrecognized)\b/.test(issue.message) ? houseWords(issue) : undefined;
  const sentence = (own ?? issue.message).replace(/\.$/, "");
  return own === undefined ? sentence : `${field || "The request"} ${sentence}`;
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
          .replaceAll(" | ", ", ") || "the kinds that there are"
      }`;
    case "not_multiple_of":
      return `must be a multiple of ${issue.divisor}`;
    case "unrecognized_keys":
      return `has ${issue.keys.join(", ")}, which it cannot have`;
    case "invalid_format":
    case "invalid_key":
    case "invalid_element":
    case "custom":
      return "is not in the form that is expected";
  }
}

function size(origin: string, relation: string, bound: number | bigint): string {
  if (origin === "string") return `have ${relation} ${bound} characters`;
  return origin === "array" || origin === "set" ? `hold ${relation} ${bound}` : `be ${relation} ${bound}`;
}

function withArticle(type: string): string {
  if (type === "int") return "a whole number";
  if (type === "string") return "a text";
  return `${/^[aeiou]/.test(type) ? "an" : "a"} ${type}`;
}
