import type { MigrationJobView } from '../../../../shared/model/migration-api';

/** What every dialog about one task gets. */
export interface DialogProps {
  readonly job: MigrationJobView;
  readonly onClose: () => void;
  readonly onDone: () => void;
}
