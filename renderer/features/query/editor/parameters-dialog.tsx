import type { RunSource } from '../model';

export interface ParametersDialogProps {
  /** What is to run; null is closed. */
  readonly source: RunSource | null;
  /** Under which values are remembered while the tab is open. */
  readonly onRun: (source: RunSource) => void;
  readonly onClose: () => void;
}

/** Asks for the values of a text's parameters. */
export function ParametersDialog(_props: ParametersDialogProps) {
  return null;
}
