/** @file Shown in place of a page or a result that is still being loaded. */
import { Center, Loader } from "@mantine/core";
import type { ReactNode } from "react";

export function Waiting(): ReactNode {
  return (
    <Center h="100%" mih={240}>
      <Loader size="sm" role="status" aria-label="Loading" />
    </Center>
  );
}
