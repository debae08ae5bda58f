import type { Command } from '../../../../shared/model/command';

export interface FormDialogsProps {
  readonly command: Extract<Command, { do: 'create-object' | 'edit-object' }>;
  readonly onClose: () => void;
}

/** The dialog that makes or changes one object. */
export function FormDialogs(_props: FormDialogsProps) {
  return null;
}
