/** @file After a training: how it ended, and the way to txt2img with the word carried over. */
import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { useLocation } from "wouter";
import { txt2imgForm } from "../../../state/forms.ts";
import { setSession } from "../../../state/session.ts";
import { Notice } from "../../../ui/feedback/notice.tsx";

export function NextStep({ name, summary }: { name: string; summary: string | undefined }): ReactNode {
  const [, navigate] = useLocation();
  function tryIt(): void {
    const { prompt } = txt2imgForm.read().values;
    if (!prompt.toLowerCase().includes(name.toLowerCase())) txt2imgForm.patch({ prompt: `a photo of ${name}` });
    setSession({ embedding: name });
    navigate("/txt2img");
  }
  return (
    <Notice tone="good" action={<Button onClick={tryIt}>Next: try it in txt2img</Button>}>
      {summary ?? `${name} is trained and can be used in prompts at once`}
    </Notice>
  );
}
