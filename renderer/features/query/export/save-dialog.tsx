import type { ResultState } from '../../../../shared/model/query';

export interface SaveDialogProps {
  readonly result: ResultState;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Writes a result to a file: format and its options. */
export function SaveDialog(_props: SaveDialogProps) {
  return null;
}
