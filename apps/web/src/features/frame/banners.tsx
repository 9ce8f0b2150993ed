/** @file Problems of the whole page rather than of a field: a lost connection, an outdated page, a full disk, computing on the CPU instead. */
import { Button } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { Link } from "wouter";
import { retryLive } from "../../state/live.ts";
import type { Trouble } from "@lexeme/protocol";
import { useRoute, useSystem } from "../../api/queries.ts";
import { useChooseCheckpoint } from "../../parts/checkpoints/choose-checkpoint.ts";
import { useConnection, useLostSince } from "../../state/connection.ts";
import { formatTime } from "../../ui/text/format.ts";
import styles from "./banners.module.css";

export function Banners(): ReactNode {
  const outdated = useConnection((state) => state.outdated);
  const lostSince = useLostSince();
  const system = useSystem().data;
  const fallback = system?.device.fallbackReason ?? null;
  const troubles = system?.troubles ?? [];
  if (outdated) {
    return (
      <Banner
        action={
          <Button size="compact-sm" variant="default" onClick={() => globalThis.location.reload()}>
            Reload
          </Button>
        }
      >
        Lexeme was updated. Reload the page to go on; the text that you typed is kept.
      </Banner>
    );
  }
  if (lostSince !== null) {
    return (
      <Banner
        action={
          <Button size="compact-sm" variant="default" onClick={retryLive}>
            Try now
          </Button>
        }
      >
        Connection to the server lost at {formatTime(lostSince)}; trying again. Until it is back, this page does not
        know whether jobs run.
      </Banner>
    );
  }
  return (
    <>
      {troubles.map((trouble) => (
        <TroubleBanner key={trouble.sentence} trouble={trouble} />
      ))}
      {system?.missingCheckpoint && system.checkpoint !== null ? (
        <MissingCheckpointBanner missing={system.missingCheckpoint} used={system.checkpoint} />
      ) : null}
      {fallback === null ? null : <FallbackBanner reason={fallback} />}
    </>
  );
}

/** On a full disk it leads to the bin; to the gallery, where pictures can be deleted for good, if the bin is empty. */
function TroubleBanner({ trouble: { sentence, isDiskFull } }: { trouble: Trouble }): ReactNode {
  const bin = useRoute("listBin", isDiskFull ? {} : null);
  const isBinEmpty = bin.data?.entries.length === 0;
  const action = isDiskFull ? (
    <Button component={Link} href={isBinEmpty ? "/gallery" : "/bin"} size="compact-sm" variant="default">
      {isBinEmpty ? "Open the gallery" : "Open the bin"}
    </Button>
  ) : null;
  return <Banner action={action}>{sentence}</Banner>;
}

/** Like A1111, Lexeme uses another checkpoint; A1111 says so on its console alone. */
function MissingCheckpointBanner({ missing, used }: { missing: string; used: string }): ReactNode {
  const choose = useChooseCheckpoint();
  return (
    <Banner
      action={
        <Button size="compact-sm" variant="default" loading={choose.isPending} onClick={() => choose.mutate(used)}>
          Use {used}
        </Button>
      }
    >
      The chosen checkpoint {missing} is not there any more or cannot be used. {used} is used until you choose another.
    </Banner>
  );
}

function FallbackBanner({ reason }: { reason: string }): ReactNode {
  const [dismissed, setDismissed] = useState(() => sessionStorage.getItem("lexeme.fallback") === reason);
  if (dismissed) return null;
  function dismiss(): void {
    sessionStorage.setItem("lexeme.fallback", reason);
    setDismissed(true);
  }
  return (
    <Banner
      action={
        <Button size="compact-sm" variant="default" onClick={dismiss}>
          Understood
        </Button>
      }
    >
      Computing on the CPU instead: {reason}
    </Banner>
  );
}

function Banner({ children, action }: { children: ReactNode; action: ReactNode }): ReactNode {
  return (
    <div className={styles["banner"]} role="alert">
      <span>{children}</span>
      {action}
    </div>
  );
}
