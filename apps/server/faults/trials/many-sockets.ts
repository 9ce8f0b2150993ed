/** @file Many pages of which some do not read: the others get every end of a job, and the server's memory stays bounded. */
import type { JobKind } from "@lexeme/domain/jobs";
import { Listener } from "../listener.ts";
import { Program } from "../program.ts";
import type { Trial } from "../trial.ts";

/** One page in five does not read. */
const DEAF_SHARE = 0.2;
/** What the server may take more than it took before the pages came. A page that does not read was worth 85 MB before it was bounded. */
const MORE_BYTES_LIMIT = 500e6;

export const manySockets: Trial = {
  name: "sockets",
  fault: "many pages, a fifth of which never read, during jobs with large events",
  promise: "the others miss nothing; memory bounded",
  tries: { whole: 100, short: 10 },
  async run({ dataDir, tries, say, fail }) {
    const program = await Program.start(dataDir);
    const before = await program.peakBytes();
    const pages = await Promise.all(Array.from({ length: tries }, () => Listener.open(program.url)));
    const deaf = pages.slice(0, Math.ceil(tries * DEAF_SHARE));
    const reading = pages.slice(deaf.length);
    for (const page of deaf) page.stopReading();
    // Each event of such a job carries its long prompt to each page.
    const kind: JobKind = "txt2img";
    const settings = { prompt: `a man ${"x, ".repeat(30_000)}`, width: 64, height: 64, steps: 1 };
    const waiting = await program.create(kind, { ...settings, steps: 150, nIter: 100 });
    const rounds = Math.max(2, Math.round(tries / 2));
    for (let round = 0; round < rounds; round++) {
      const job = await program.create(kind, settings);
      const seen = Promise.all(
        reading.map((page) =>
          page.sees((text) => text.includes(job.id) && text.includes('"state":"cancelled"'), 30_000),
        ),
      );
      await program.demand("POST", `/api/jobs/${job.id}/cancel`);
      const missed = (await seen).filter((isSeen) => !isSeen).length;
      if (missed > 0) fail(`${missed} of ${reading.length} reading pages missed the end of a job`);
      say(`job ${round + 1} of ${rounds}`);
    }
    await program.demand("POST", `/api/jobs/${waiting.id}/cancel`);
    const more = (await program.peakBytes()) - before;
    if (more > MORE_BYTES_LIMIT) fail(`the server took ${Math.round(more / 1e6)} MB more`);
    const closed = reading.filter((page) => !page.isOpen).length;
    if (closed > 0) fail(`${closed} reading pages were closed`);
    for (const page of pages) page.close();
    await program.stop();
    return `${Math.round(more / 1e6)} MB more at most; ${deaf.filter((page) => !page.isOpen).length} of ${deaf.length} deaf pages closed`;
  },
};
