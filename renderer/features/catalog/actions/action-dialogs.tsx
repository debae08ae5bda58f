import type { Command } from '../../../../shared/model/command';
import { DropDialog } from './drop-dialog';
import { GrantDialog } from './grant-dialog';
import { MaintainDialog } from './maintain-dialog';
import { SearchDialog } from './search-dialog';
import { SimpleDialog } from './simple-dialog';

export interface ActionDialogsProps {
  readonly command: Extract<Command, { do: 'drop-objects' | 'act-on-objects' | 'search-objects' }>;
  readonly onClose: () => void;
}

/** The dialog that does something with objects. */
export function ActionDialogs({ command, onClose }: ActionDialogsProps) {
  if (command.do === 'drop-objects') return <DropDialog command={command} onClose={onClose} />;
  if (command.do === 'search-objects') return <SearchDialog command={command} onClose={onClose} />;
  if (command.action === 'maintain') return <MaintainDialog command={command} onClose={onClose} />;
  if (command.action === 'grant') return <GrantDialog command={command} onClose={onClose} />;
  return <SimpleDialog command={command} onClose={onClose} />;
}
