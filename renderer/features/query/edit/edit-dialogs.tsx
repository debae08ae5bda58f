import { useTranslation } from 'react-i18next';
import type { EditTarget } from '../../../../shared/model/edit';
import { stagedCount } from '../../../../shared/model/edit-staging';
import { ConfirmDialog } from '../../../ui/confirm-dialog';
import { visibleText } from '../../../ui/visible-text';
import { ConflictsDialog } from './conflicts-dialog';
import type { Edits, EditState } from './edit-store';
import { LargeDialog } from './large-dialog';
import { LookupDialog } from './lookup-dialog';
import { ReviewDialog } from './review-dialog';
import type { Cells } from './use-cells';
import type { Saving } from './use-saving';

export interface EditDialogsProps {
  readonly edits: Edits;
  readonly state: EditState;
  readonly target: EditTarget;
  readonly cells: Cells;
  readonly saving: Saving;
  /** Shows rows in a query tab. */
  readonly onOpen: (sql: string) => void;
}

/** Dialogs of an editable result: one at a time. */
export function EditDialogs({ edits, state, target, cells, saving, onOpen }: EditDialogsProps) {
  const { t } = useTranslation('data');
  const { writing } = cells;
  const column = writing ? target.columns[writing.column] : undefined;
  const count = stagedCount(state.staging.now);
  const deleted = state.staging.now.deleted.size;
  return (
    <>
      {writing?.kind === 'large' && column ? (
        <LargeDialog
          column={column}
          initial={writing.initial}
          onCommit={(value) => cells.commit(value, 'down')}
          onClose={cells.cancel}
        />
      ) : null}
      {writing?.kind === 'lookup' && column ? (
        <LookupDialog
          resultId={edits.resultId}
          column={column}
          current={typeof writing.initial === 'string' ? writing.initial : null}
          onChoose={(value) => cells.commit(value, 'down')}
          onOpen={(sql) => {
            cells.cancel();
            onOpen(sql);
          }}
          onClose={cells.cancel}
        />
      ) : null}
      {saving.dialog === 'review' ? (
        <ReviewDialog resultId={edits.resultId} staged={state.staging.now} onClose={() => saving.show(null)} />
      ) : null}
      {saving.dialog === 'conflicts' && state.conflicts.size > 0 ? (
        <ConflictsDialog
          state={state}
          target={target}
          seen={cells.seen}
          onDecide={saving.decide}
          onClose={() => saving.show(null)}
        />
      ) : null}
      {saving.dialog === 'confirm' ? (
        <ConfirmDialog
          opened
          title={t('confirm.title', { count, table: visibleText(target.name) })}
          deed={t('confirm.deed', { count })}
          danger={deleted > 0}
          {...(deleted > 0 && saving.production ? { typeToConfirm: saving.server } : {})}
          onConfirm={() => {
            void saving.saveNow();
          }}
          onClose={() => saving.show(null)}
        >
          {saving.server === '' ? t('confirm.unknown') : t('confirm.text', { server: visibleText(saving.server) })}
          {deleted > 0 ? ` ${t('confirm.deletes', { count: deleted })}` : ''}
        </ConfirmDialog>
      ) : null}
    </>
  );
}
