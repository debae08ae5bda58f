import { Button } from '@mantine/core';
import { IconScale } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CompareView, MigrationJobDetail, TableCompare } from '../../../../shared/model/migration-api';
import { api } from '../../../api';
import { ConfirmDialog } from '../../../ui/confirm-dialog';
import { EmptyState } from '../../../ui/empty-state';
import { presentError } from '../../../ui/error-presenter';
import { CompareDialog } from './compare-dialog';
import { CompareList } from './compare-list';
import { isComparing, mayCompare, newestFirst } from './compare-model';
import classes from './compare-tab.module.css';
import { CompareTables } from './compare-tables';
import { DifferencesDrawer } from './differences-drawer';

export interface CompareTabProps {
  readonly job: MigrationJobDetail;
  /** Grows with every reading of the task. */
  readonly readings: number;
  readonly now: number;
  readonly onDone: () => void;
}

/** Proof that both sides hold the same: every comparison of the task, and what one of them says of each table. */
export function CompareTab({ job, readings, now, onDone }: CompareTabProps) {
  const { t } = useTranslation('migration');
  const [chosen, setChosen] = useState<string | null>(null);
  const [making, setMaking] = useState(false);
  const [deleting, setDeleting] = useState<CompareView | null>(null);
  const [opened, setOpened] = useState<TableCompare | null>(null);
  const compares = newestFirst(job.compares);
  const shown = compares.find(({ id }) => id === chosen) ?? compares[0];
  const may = mayCompare(job);
  const start = (
    <Button
      variant={compares.length === 0 ? 'filled' : 'default'}
      leftSection={<IconScale size={16} stroke={1.5} />}
      disabled={!may}
      onClick={() => setMaking(true)}
    >
      {t('compare.start')}
    </Button>
  );
  return (
    <div className={classes.tab}>
      {shown === undefined ? (
        <EmptyState
          icon={<IconScale size={32} stroke={1.5} />}
          title={t('compare.none')}
          text={t(may ? 'compare.noneText' : 'compare.notNow')}
          action={start}
        />
      ) : (
        <>
          <div className={classes.bar}>
            {start}
            <span className={classes.quiet}>{t(may ? 'compare.lead' : 'compare.notNow')}</span>
          </div>
          <CompareList
            compares={compares}
            shown={shown.id}
            now={now}
            onShow={setChosen}
            onStop={(compare) => {
              api.migration.stopCompare({ id: job.id, compareId: compare.id }).then(onDone, presentError);
            }}
            onDelete={setDeleting}
          />
          <CompareTables
            key={shown.id}
            id={job.id}
            compare={shown}
            stamp={isComparing(shown) ? readings : 0}
            now={now}
            onOpen={setOpened}
          />
        </>
      )}
      {making ? (
        <CompareDialog
          job={job}
          onClose={() => setMaking(false)}
          onDone={(id) => {
            setChosen(id);
            onDone();
          }}
        />
      ) : null}
      {deleting === null ? null : (
        <ConfirmDialog
          opened
          danger
          title={t('compare.delete.title', { name: deleting.name })}
          deed={t('compare.delete.deed')}
          onConfirm={async () => {
            await api.migration.deleteCompare({ id: job.id, compareId: deleting.id });
            onDone();
          }}
          onClose={() => setDeleting(null)}
        >
          <p>{t('compare.delete.text')}</p>
        </ConfirmDialog>
      )}
      {opened === null || shown === undefined ? null : (
        <DifferencesDrawer id={job.id} compareId={shown.id} table={opened} onClose={() => setOpened(null)} />
      )}
    </div>
  );
}
