/** @file Uploads go one after the other, and nothing that was dropped is left out. */
import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { useState, type ReactNode } from "react";
import { Toaster } from "sonner";
import { expect, test, vi } from "vitest";
import { draw, serve } from "../../testing/page.ts";
import { useUpload } from "./use-upload.ts";

interface Sent {
  url: string;
  files: string[];
  answer: (path: string) => void;
}

/** The page's uploads, which the test answers. */
function takeUploads(): Sent[] {
  const sent: Sent[] = [];
  class Request {
    upload = new EventTarget();
    status = 200;
    responseText = "";
    #url = "";
    #onLoad = (): void => undefined;
    open(_method: string, url: string): void {
      this.#url = url;
    }
    addEventListener(name: string, listener: () => void): void {
      if (name === "load") this.#onLoad = listener;
    }
    send(form: FormData): void {
      const files = form.getAll("pictures").map((file) => (file as File).name);
      const answer = (path: string): void => {
        this.responseText = JSON.stringify({ path, refused: [] });
        this.#onLoad();
      };
      sent.push({ url: this.#url, files, answer });
    }
  }
  vi.stubGlobal("XMLHttpRequest", Request);
  return sent;
}

function drop(name: string): void {
  const event = new Event("drop", { bubbles: true, cancelable: true });
  fireEvent(window, Object.assign(event, { dataTransfer: { files: [new File(["x"], name)], types: ["Files"] } }));
}

function Upload({ onDone, source = "" }: { onDone: (folder: string) => void; source?: string }): ReactNode {
  const { part, count } = useUpload({ source, into: null }, onDone);
  return <p>{part === null ? "Idle" : `Sending ${count}`}</p>;
}

test("pictures dropped during an upload follow it into its folder", async () => {
  serve({});
  const sent = takeUploads();
  const folders: string[] = [];
  draw(<Upload onDone={(folder) => folders.push(folder)} />);
  drop("1.png");
  drop("2.png");
  drop("3.png");
  expect(sent).toMatchObject([{ url: "/api/uploads", files: ["1.png"] }]);
  await act(async () => sent[0]?.answer("/data/uploads/a"));
  await waitFor(() => expect(sent).toHaveLength(2));
  expect(sent[1]).toMatchObject({ url: "/api/uploads?into=%2Fdata%2Fuploads%2Fa", files: ["2.png", "3.png"] });
  expect(screen.getByText("Sending 2")).toBeDefined();
  await act(async () => sent[1]?.answer("/data/uploads/a"));
  expect(await screen.findByText("Idle")).toBeDefined();
  expect(folders).toEqual(["/data/uploads/a", "/data/uploads/a"]);
});

test("a source that is chosen during an upload stays, and a line says where the pictures are", async () => {
  serve({});
  const sent = takeUploads();
  const folders: string[] = [];
  function Page(): ReactNode {
    const [source, setSource] = useState("");
    return (
      <>
        <Upload source={source} onDone={(folder) => folders.push(folder)} />
        <button onClick={() => setSource("/photos")}>Type</button>
        <Toaster />
      </>
    );
  }
  const user = draw(<Page />);
  drop("1.png");
  await user.click(screen.getByText("Type"));
  await act(async () => sent[0]?.answer("/data/uploads/a"));
  expect(await screen.findByText(/^Uploaded to "\/data\/uploads\/a"/u)).toBeDefined();
  expect(folders).toEqual([]);
});
