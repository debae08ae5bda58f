import type { MigrationJobView } from '../../../../shared/model/migration-api';
import { AccessDialog } from './access-dialog';
import { DeedDialog } from './deed-dialog';
import type { Deed } from './model';
import { RenameDialog } from './rename-dialog';
import { StartDialog } from './start-dialog';
import { TagsDialog } from './tags-dialog';

/** What is asked about a task before it is done. */
export interface Asked {
  readonly what: Deed | 'rename' | 'tags' | 'access';
  readonly job: MigrationJobView;
}

export interface JobDialogsProps {
  readonly asked: Asked | null;
  readonly onClose: () => void;
  /** Called after the control plane has accepted it. */
  readonly onDone: () => void;
}

/** The dialog of what is asked. */
export function JobDialogs({ asked, onClose, onDone }: JobDialogsProps) {
  if (asked === null) return null;
  const props = { job: asked.job, onClose, onDone };
  if (asked.what === 'rename') return <RenameDialog {...props} />;
  if (asked.what === 'access') return <AccessDialog {...props} />;
  if (asked.what === 'tags') return <TagsDialog {...props} />;
  if (asked.what === 'start') return <StartDialog {...props} />;
  return <DeedDialog {...props} deed={asked.what} />;
}
