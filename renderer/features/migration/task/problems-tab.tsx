import { UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MigrationTotals, ObjectOutcome, TableProgress } from '../../../../shared/model/migration';
import { api } from '../../../api';
import { formatCount } from '../../../ui/bytes';
import { ChoiceGroup } from '../../../ui/choice-group';
import { CopyButton } from '../../../ui/copy-button';
import { EmptyState } from '../../../ui/empty-state';
import { MiddleEllipsis } from '../../../ui/middle-ellipsis';
import { nameOf, outcomeText } from './outcome-model';
import classes from './problems-tab.module.css';
import { PulledTable } from './pulled-table';

const KINDS = ['failed', 'tables', 'skipped'] as const;
type Kind = (typeof KINDS)[number];

export interface ProblemsTabProps {
  readonly id: string;
  readonly totals: MigrationTotals | null;
  readonly readings: number;
}

/** What did not arrive, why in the server's words, and the statement to run by hand. */
export function ProblemsTab({ id, totals, readings }: ProblemsTabProps) {
  const { t, i18n } = useTranslation('migration');
  const [kind, setKind] = useState<Kind>(
    totals !== null && totals.objectsFailed === 0 && totals.tablesFailed > 0 ? 'tables' : 'failed',
  );
  const counts: Readonly<Record<Kind, number | null>> = {
    failed: totals?.objectsFailed ?? 0,
    tables: totals?.tablesFailed ?? 0,
    skipped: null,
  };
  return (
    <div className={classes.tab}>
      <ChoiceGroup
        label={t('task.problems.shown')}
        choices={KINDS.map((value) => {
          const count = counts[value];
          return {
            value,
            label: t(`task.problems.${value}`),
            ...(count === null ? {} : { note: formatCount(count, i18n.language) }),
          };
        })}
        value={kind}
        onChange={(next) => setKind(KINDS.find((each) => each === next) ?? 'failed')}
      />
      {kind === 'tables' ? (
        <FailedTables id={id} readings={readings} />
      ) : (
        <Outcomes key={kind} id={id} outcome={kind} readings={readings} />
      )}
    </div>
  );
}

function FailedTables({ id, readings }: { readonly id: string; readonly readings: number }) {
  const { t } = useTranslation('migration');
  const read = useCallback(
    async (offset: number, limit: number, signal: AbortSignal) => {
      const { total, tables } = await api.migration.tables({ id, search: '', state: 'failed', offset, limit }, signal);
      return { total, rows: tables };
    },
    [id],
  );
  const cells = (table: TableProgress) => [
    <Name key="name" name={nameOf(table)} database={table.database} />,
    <span key="reason" className={classes.reason}>
      {table.reason}
    </span>,
    <CopyButton key="copy" text={table.reason} label={t('task.problems.copyNamed', { name: nameOf(table) })} />,
  ];
  return (
    <PulledTable<TableProgress>
      label={t('task.problems.tables')}
      columns={[
        { key: 'name', title: t('task.objects.columns.name') },
        { key: 'reason', title: t('task.problems.reason') },
        { key: 'copy', title: '' },
      ]}
      grid={classes.failedTables}
      read={read}
      stamp={readings}
      cells={cells}
      state={() => ''}
      empty={<EmptyState title={t('task.problems.noTables')} />}
    />
  );
}

interface OutcomesProps {
  readonly id: string;
  readonly outcome: 'failed' | 'skipped';
  readonly readings: number;
}

function Outcomes({ id, outcome, readings }: OutcomesProps) {
  const { t } = useTranslation('migration');
  const read = useCallback(
    async (offset: number, limit: number, signal: AbortSignal) => {
      const { total, objects } = await api.migration.objects({ id, search: '', outcome, offset, limit }, signal);
      return { total, rows: objects };
    },
    [id, outcome],
  );
  const cells = (object: ObjectOutcome) => [
    <span key="kind" className={classes.quiet}>
      {object.kind}
    </span>,
    <Name key="name" name={nameOf(object)} database={object.database} />,
    <Reason key={`${object.database} ${object.key}`} object={object} />,
    <CopyButton key="copy" text={outcomeText(object)} label={t('task.problems.copyNamed', { name: nameOf(object) })} />,
  ];
  return (
    <PulledTable<ObjectOutcome>
      label={t(`task.problems.${outcome}`)}
      columns={[
        { key: 'kind', title: t('task.objects.columns.kind') },
        { key: 'name', title: t('task.objects.columns.name') },
        { key: 'reason', title: t('task.problems.reason') },
        { key: 'copy', title: '' },
      ]}
      grid={classes.outcomes}
      read={read}
      stamp={readings}
      cells={cells}
      state={() => ''}
      empty={
        <EmptyState
          title={t(outcome === 'failed' ? 'task.problems.noFailed' : 'task.problems.noSkipped')}
          text={t(outcome === 'failed' ? 'task.problems.noFailedText' : 'task.problems.noSkippedText')}
        />
      }
    />
  );
}

function Name({ name, database }: { readonly name: string; readonly database: string }) {
  return (
    <div className={classes.name}>
      <MiddleEllipsis text={name} tail={16} />
      <span className={classes.quiet}>{database}</span>
    </div>
  );
}

/** The reason; the statement behind it folds out. */
function Reason({ object }: { readonly object: ObjectOutcome }) {
  const { t } = useTranslation('migration');
  const [open, setOpen] = useState(false);
  const Fold = open ? IconChevronDown : IconChevronRight;
  return (
    <div className={classes.reason}>
      {object.reason}
      {object.statement === '' ? null : (
        <>
          <div>
            <UnstyledButton className={classes.fold ?? ''} aria-expanded={open} onClick={() => setOpen(!open)}>
              <Fold size={16} stroke={1.5} aria-hidden />
              {t('task.problems.statement')}
            </UnstyledButton>
          </div>
          {open ? <pre className={classes.statement}>{object.statement}</pre> : null}
        </>
      )}
    </div>
  );
}
