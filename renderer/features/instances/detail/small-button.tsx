import { Button } from '@mantine/core';

export interface SmallButtonProps {
  readonly children: string;
  /** For screen readers, where the word alone would stand twice on the page. */
  readonly label?: string;
  readonly disabled?: boolean;
  readonly onClick: () => void;
}

/** What changes a fact, beside it. */
export function SmallButton({ children, label, disabled = false, onClick }: SmallButtonProps) {
  return (
    <Button size="xs" variant="default" aria-label={label} disabled={disabled} onClick={onClick}>
      {children}
    </Button>
  );
}
