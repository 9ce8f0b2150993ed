/** @file Catches an error that a page threw while drawing, so that the frame and the jobs stay in sight. */
import { Button } from "@mantine/core";
import { Component, type ReactNode } from "react";
import { EmptyState } from "./empty-state.tsx";

export class ErrorBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <EmptyState
        title="This page could not be drawn"
        action={<Button onClick={() => globalThis.location.reload()}>Reload</Button>}
      >
        Jobs on the server go on, and everything that was saved is still there.
      </EmptyState>
    );
  }
}
