/** @file A small button whose action concerns many jobs, so that it asks first. */
import { Button, Group, Modal, Text } from "@mantine/core";
import { useState, type ReactNode } from "react";

export interface AskFirstProps {
  /** The button. */
  label: string;
  /** The question. */
  title: string;
  /** What happens and what stays. */
  children: ReactNode;
  /** The button that does it. */
  confirm: string;
  onConfirm: () => void;
}

export function AskFirst({ label, title, children, confirm, onConfirm }: AskFirstProps): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const close = (): void => setOpen(false);
  return (
    <>
      <Button size="compact-xs" variant="default" onClick={() => setOpen(true)}>
        {label}
      </Button>
      <Modal opened={isOpen} onClose={close} title={title} size="sm">
        <Text size="sm">{children}</Text>
        <Group mt="md" justify="flex-end">
          <Button variant="default" onClick={close}>
            Keep
          </Button>
          <Button
            data-autofocus
            onClick={() => {
              // The dialog is still drawn while it closes.
              if (isOpen) onConfirm();
              close();
            }}
          >
            {confirm}
          </Button>
        </Group>
      </Modal>
    </>
  );
}
