/** @file The tab Create Embedding: four fields as in A1111, and the existing embeddings beside them. */
import { Button } from "@mantine/core";
import type { Embedding } from "@lexeme/protocol";
import { useState, type ReactNode } from "react";
import { useLocation } from "wouter";
import { useEmbeddings, useSystem } from "../../api/queries.ts";
import { preprocessForm } from "../../state/forms.ts";
import { Notice } from "../../ui/feedback/notice.tsx";
import { TabLayout } from "../../ui/layout/tab-layout.tsx";
import { joinPath } from "../../ui/text/folder-path.ts";
import { CreateSettings } from "./create-settings.tsx";
import { CreateStart } from "./create-start.tsx";
import { ImportNotices } from "./import/import-notices.tsx";
import { useEmbeddingImport } from "./import/use-embedding-import.ts";
import { DropCurtain } from "../../ui/overlays/drop-curtain.tsx";
import { EmbeddingList } from "./list/embedding-list.tsx";

export function CreatePage(): ReactNode {
  const [, navigate] = useLocation();
  const system = useSystem().data;
  const [made, setCreated] = useState<Embedding | null>(null);
  const embeddings = useEmbeddings().data;
  // It may have been deleted or renamed since.
  const isThere = embeddings === undefined || embeddings.some(({ path }) => path === made?.path);
  const created = isThere ? made : null;

  const imported = useEmbeddingImport();

  function goToPreprocess(): void {
    if (created !== null && system !== undefined) {
      preprocessForm.patch({ processDst: joinPath(system.folders.datasets, created.name) });
    }
    navigate("/preprocess");
  }

  return (
    <TabLayout title="Create Embedding" settings={<CreateSettings />} start={<CreateStart onCreated={setCreated} />}>
      {created === null ? null : (
        <Notice tone="good" action={<Button onClick={goToPreprocess}>Next: Preprocess</Button>}>
          <b>{created.name}</b> is a word now. Give it pictures to learn from.
        </Notice>
      )}
      {imported.hovering ? <DropCurtain>Drop embeddings to add them</DropCurtain> : null}
      <ImportNotices imported={imported} />
      <EmbeddingList
        highlight={created?.name ?? null}
        tools={
          <Button variant="default" size="compact-sm" loading={imported.isSending} onClick={imported.pick}>
            Add files
          </Button>
        }
      />
    </TabLayout>
  );
}
