import type { Command } from '../../../../shared/model/command';
import { ActionDialogs } from '../actions/action-dialogs';
import { FormDialogs } from '../forms/form-dialogs';

/** The command that opened a dialog about objects of the tree; null and all others show nothing. */
export interface ObjectDialogsProps {
  readonly command: Command | null;
  readonly onClose: () => void;
}

/** Shows the dialog about objects that a command asks for. */
export function ObjectDialogs({ command, onClose }: ObjectDialogsProps) {
  switch (command?.do) {
    case 'create-object':
    case 'edit-object':
      return <FormDialogs command={command} onClose={onClose} />;
    case 'drop-objects':
    case 'act-on-objects':
    case 'search-objects':
      return <ActionDialogs command={command} onClose={onClose} />;
    default:
      return null;
  }
}
