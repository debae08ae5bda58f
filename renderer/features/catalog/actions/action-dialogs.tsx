import type { Command } from '../../../../shared/model/command';

export interface ActionDialogsProps {
  readonly command: Extract<Command, { do: 'drop-objects' | 'act-on-objects' | 'search-objects' }>;
  readonly onClose: () => void;
}

/** The dialog that does something with objects. */
export function ActionDialogs(_props: ActionDialogsProps) {
  return null;
}
