import { NumberInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MigrationJobView } from '../../../../shared/model/migration-api';
import { COMPARE_MODES } from '../../../../shared/model/migration-words';
import { api } from '../../../api';
import { formatTime } from '../../../ui/bytes';
import { ChoiceGroup } from '../../../ui/choice-group';
import { ConfirmDialog } from '../../../ui/confirm-dialog';
import classes from './compare-dialog.module.css';
import { compareOf, isPercent, isReady, NEW_COMPARE, type CompareDraft } from './compare-model';
import { TableChoice } from './table-choice';

export interface CompareDialogProps {
  readonly job: MigrationJobView;
  readonly onClose: () => void;
  /** Called with the id of the comparison that runs now. */
  readonly onDone: (compareId: string) => void;
}

/** What is compared, and how closely. */
export function CompareDialog({ job, onClose, onDone }: CompareDialogProps) {
  const { t, i18n } = useTranslation('migration');
  const [draft, setDraft] = useState<CompareDraft>(NEW_COMPARE);
  const set = (change: Partial<CompareDraft>) => setDraft({ ...draft, ...change });
  return (
    <ConfirmDialog
      opened
      width={720}
      title={t('compare.dialog.title', { name: job.name })}
      deed={t('compare.dialog.deed')}
      ready={isReady(draft)}
      onConfirm={async () => {
        const { compareId } = await api.migration.compare(
          compareOf(job.id, draft, formatTime(Date.now(), i18n.language)),
        );
        onDone(compareId);
      }}
      onClose={onClose}
    >
      <div className={classes.body}>
        <TextInput
          label={t('compare.dialog.name')}
          description={t('compare.dialog.nameNote')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          value={draft.name}
          maxLength={128}
          onChange={(event) => set({ name: event.currentTarget.value })}
          autoComplete="off"
          spellCheck={false}
        />
        <div className={classes.part}>
          <span className={classes.label}>{t('compare.dialog.mode')}</span>
          <ChoiceGroup
            label={t('compare.dialog.mode')}
            choices={COMPARE_MODES.map((value) => ({ value, label: t(`compare.modes.${value}`) }))}
            value={draft.mode}
            onChange={(next) => set({ mode: COMPARE_MODES.find((each) => each === next) ?? 'full' })}
          />
          <p className={classes.note}>{t(`compare.modeNotes.${draft.mode}`)}</p>
          {draft.mode === 'sample' ? (
            <NumberInput
              label={t('compare.dialog.percent')}
              suffix=" %"
              classNames={{ wrapper: classes.figure ?? '' }}
              min={1}
              max={100}
              clampBehavior="none"
              allowDecimal={false}
              allowNegative={false}
              value={draft.samplePercent}
              onChange={(samplePercent) => set({ samplePercent })}
              error={isPercent(draft.samplePercent) ? undefined : t('compare.dialog.percentRule')}
            />
          ) : null}
        </div>
        <div className={classes.part}>
          <span className={classes.label}>{t('compare.dialog.tables')}</span>
          <ChoiceGroup
            label={t('compare.dialog.tables')}
            choices={(['all', 'some'] as const).map((value) => ({ value, label: t(`compare.dialog.which.${value}`) }))}
            value={draft.all ? 'all' : 'some'}
            onChange={(next) => set({ all: next === 'all' })}
          />
          {draft.all ? null : (
            <TableChoice jobId={job.id} chosen={draft.tables} onChange={(tables) => set({ tables })} />
          )}
        </div>
        <p className={classes.note}>{t('compare.dialog.load')}</p>
      </div>
    </ConfirmDialog>
  );
}
