import { Button } from '@mantine/core';
import { IconArrowBackUp, IconFileText, IconRefresh, IconSql } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImportPlan } from '../../../shared/contract/transfer';
import type { ImportReport } from '../../../shared/model/import';
import type { TaskView } from '../../../shared/model/task';
import { AppError } from '../../../shared/errors';
import { api } from '../../api';
import { formatCount, formatDuration } from '../../ui/bytes';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import { ErrorPanel } from '../../ui/error-panel';
import { presentError } from '../../ui/error-presenter';
import { showNotice } from '../../ui/notice';
import { StatusPill, type Tone } from '../../ui/status-pill';
import { useCommand } from '../../ui/workbench';
import { ImportLog } from './import-log';
import classes from './import-wizard.module.css';
import { totals } from './model';
import { ReportTables } from './report-tables';
import { SkippedList } from './skipped-list';

export interface ResultStepProps {
  readonly task: TaskView;
  readonly plan: ImportPlan;
  readonly report: ImportReport;
  readonly onAgain: () => void;
  readonly onUndone: () => void;
}

const TONES: Readonly<Record<ImportReport['outcome'], Tone>> = {
  succeeded: 'ok',
  'succeeded-with-errors': 'warn',
  failed: 'error',
  cancelled: 'neutral',
};

/** What came of it: the sentence, the proof, what was skipped, and what can be done now. */
export function ResultStep({ task, plan, report, onAgain, onUndone }: ResultStepProps) {
  const { t, i18n } = useTranslation('transfer');
  const run = useCommand();
  const [asking, setAsking] = useState(false);
  const { serverId, database } = plan.target;
  useEffect(() => run({ do: 'refresh-tree', serverId }), [run, serverId, report.canUndo]);
  const sum = totals(report);
  const there = report.outcome === 'succeeded' || report.outcome === 'succeeded-with-errors';

  const save = async () => {
    const file = await api.app.pickSaveFile({
      title: t('result.save'),
      suggestedName: `import-${database}.md`,
      filters: [
        { name: 'Markdown', extensions: ['md'] },
        { name: 'JSON', extensions: ['json'] },
      ],
    });
    if (file === null) return;
    await api.transfer.saveReport({ taskId: task.id, fileToken: file.token });
    showNotice(t('result.saved', { name: file.name }));
  };

  return (
    <>
      <div className={classes.row}>
        <h2 className={classes.heading}>{t(`result.outcomes.${report.outcome}`, { database })}</h2>
        <StatusPill tone={TONES[report.outcome]}>{t(`result.pills.${report.outcome}`)}</StatusPill>
      </div>
      {there ? (
        <p className={classes.lead}>
          {t('result.sum', {
            tables: t('result.tables', { count: sum.tables, figure: formatCount(sum.tables, i18n.language) }),
            rows: t('result.rowCount', { count: sum.rows, figure: formatCount(sum.rows, i18n.language) }),
            time: formatDuration(report.seconds * 1000),
          })}{' '}
          {sum.differing > 0
            ? t('result.differ', { count: sum.differing })
            : report.tables.some(({ sourceRows }) => sourceRows !== null)
              ? t('result.equal')
              : ''}
        </p>
      ) : null}
      {report.error === null || report.error.code === 'cancelled' ? null : (
        <ErrorPanel error={new AppError(report.error)} />
      )}
      {report.targetState === '' ? null : <p className="selectable">{report.targetState}</p>}
      <div className={classes.row}>
        {there ? (
          <Button
            leftSection={<IconSql size={16} stroke={1.5} />}
            onClick={() => run({ do: 'open-query', serverId, database })}
          >
            {t('result.query')}
          </Button>
        ) : null}
        <Button
          variant={there ? 'default' : 'filled'}
          leftSection={<IconRefresh size={16} stroke={1.5} />}
          onClick={onAgain}
        >
          {t('result.again')}
        </Button>
        <Button
          variant="default"
          leftSection={<IconFileText size={16} stroke={1.5} />}
          onClick={() => void save().catch(presentError)}
        >
          {t('result.save')}
        </Button>
        {report.canUndo ? (
          <Button
            variant="default"
            leftSection={<IconArrowBackUp size={16} stroke={1.5} />}
            onClick={() => setAsking(true)}
          >
            {t('result.undo')}
          </Button>
        ) : null}
      </div>
      <SkippedList report={report} />
      {report.tables.length + report.objects.length > 0 ? <ReportTables report={report} /> : null}
      <ImportLog task={task} />
      <ConfirmDialog
        opened={asking}
        title={t('result.undoTitle')}
        deed={t('result.undoDeed', { database })}
        danger
        typeToConfirm={database}
        onClose={() => setAsking(false)}
        onConfirm={async () => {
          await api.transfer.undo({ taskId: task.id });
          onUndone();
          showNotice(t('result.undone', { database }));
        }}
      >
        {t('result.undoText', { database })}
      </ConfirmDialog>
    </>
  );
}
