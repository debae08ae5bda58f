import type { Command } from '../../../shared/model/command';

/** The command that opened a dialog (register-server, edit-server, create-group, connect-server); null shows nothing. */
export interface ServerDialogsProps {
  readonly command: Command | null;
  readonly onClose: () => void;
}
export function ServerDialogs(_props: ServerDialogsProps) {
  return null;
}
