import { ActionIcon, Table, Tooltip, UnstyledButton } from '@mantine/core';
import { IconPlayerStop, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { CompareView } from '../../../../shared/model/migration-api';
import { formatCount, formatDuration, formatPercent, formatTime, formatUtc } from '../../../ui/bytes';
import { MiddleEllipsis } from '../../../ui/middle-ellipsis';
import { ProgressBar } from '../../../ui/progress-bar';
import { StatusPill } from '../../../ui/status-pill';
import { tookMs } from '../task/model';
import classes from './compare-list.module.css';
import { isComparing, TONE_OF_COMPARE, TONE_OF_VERDICT, verdictOf } from './compare-model';

const COLUMNS = ['name', 'status', 'mode', 'tables', 'different', 'failed', 'rows', 'started', 'actions'] as const;
const FIGURES: ReadonlySet<string> = new Set(['tables', 'different', 'failed', 'rows']);

export interface CompareListProps {
  readonly compares: readonly CompareView[];
  /** The one whose tables are listed below. */
  readonly shown: string;
  readonly now: number;
  readonly onShow: (id: string) => void;
  readonly onStop: (compare: CompareView) => void;
  readonly onDelete: (compare: CompareView) => void;
}

/** The comparisons of a task, newest first; one of them is looked at. */
export function CompareList({ compares, shown, now, onShow, onStop, onDelete }: CompareListProps) {
  const { t } = useTranslation('migration');
  return (
    <div className={classes.scroller}>
      <Table className={classes.table ?? ''} aria-label={t('compare.list')}>
        <Table.Thead>
          <Table.Tr>
            {COLUMNS.map((column) => (
              <Table.Th key={column} className={FIGURES.has(column) ? (classes.figure ?? '') : ''}>
                {column === 'actions' ? (
                  <span className="visually-hidden">{t('list.columns.operations')}</span>
                ) : (
                  t(`compare.columns.${column}`)
                )}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {compares.map((compare) => (
            <CompareRow
              key={compare.id}
              compare={compare}
              isShown={compare.id === shown}
              now={now}
              onShow={onShow}
              onStop={onStop}
              onDelete={onDelete}
            />
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

interface CompareRowProps extends Pick<CompareListProps, 'now' | 'onShow' | 'onStop' | 'onDelete'> {
  readonly compare: CompareView;
  readonly isShown: boolean;
}

function CompareRow({ compare, isShown, now, onShow, onStop, onDelete }: CompareRowProps) {
  const { t, i18n } = useTranslation('migration');
  const count = (value: number) => formatCount(value, i18n.language);
  const name = compare.name === '' ? compare.id : compare.name;
  const verdict = verdictOf(compare);
  const told = verdict !== 'unknown';
  const took = tookMs(compare.startedAt, compare.endedAt, now);
  return (
    <Table.Tr data-compare={compare.id} data-status={compare.status} data-verdict={verdict} data-shown={isShown}>
      <Table.Td className={classes.name ?? ''}>
        <UnstyledButton className={classes.open ?? ''} aria-pressed={isShown} onClick={() => onShow(compare.id)}>
          <MiddleEllipsis text={name} tail={10} />
        </UnstyledButton>
        {compare.problem === '' ? null : <div className={classes.problem}>{compare.problem}</div>}
        {compare.hint === '' ? null : <div>{compare.hint}</div>}
      </Table.Td>
      <Table.Td className={classes.short ?? ''}>
        <StatusPill tone={told ? TONE_OF_VERDICT[verdict] : TONE_OF_COMPARE[compare.status]}>
          {told ? t(`compare.verdicts.${verdict}`) : t(`compare.statuses.${compare.status}`)}
        </StatusPill>
        {isComparing(compare) ? (
          <div className={classes.progress}>
            <ProgressBar fraction={compare.fraction} label={t('compare.progressOf', { name })} />
            {compare.fraction === null ? null : <span className="numeric">{formatPercent(compare.fraction)}</span>}
          </div>
        ) : null}
      </Table.Td>
      <Table.Td className={classes.short ?? ''}>
        {compare.mode === 'sample'
          ? t('compare.sampleOf', { percent: compare.samplePercent })
          : t(`compare.modes.${compare.mode}`)}
      </Table.Td>
      <Table.Td className={classes.figure ?? ''}>
        {t('compare.equalOf', { equal: count(compare.equal), tables: count(compare.tables) })}
      </Table.Td>
      <Table.Td className={classes.figure ?? ''} data-different={compare.different > 0 || undefined}>
        {count(compare.different)}
      </Table.Td>
      <Table.Td className={classes.figure ?? ''}>{count(compare.failed)}</Table.Td>
      <Table.Td className={classes.figure ?? ''}>{count(compare.rows)}</Table.Td>
      <Table.Td className={classes.time ?? ''} title={formatUtc(compare.startedAt ?? compare.createdAt)}>
        {formatTime(compare.startedAt ?? compare.createdAt, i18n.language)}
        {took === null ? null : <div className={classes.quiet}>{formatDuration(took)}</div>}
      </Table.Td>
      <Table.Td className={classes.actions ?? ''}>
        {isComparing(compare) ? (
          <Tooltip label={t('compare.stop')}>
            <ActionIcon
              aria-label={t('action.named', { action: t('compare.stop'), name })}
              disabled={compare.status === 'stopping'}
              onClick={() => onStop(compare)}
            >
              <IconPlayerStop size={16} stroke={1.5} />
            </ActionIcon>
          </Tooltip>
        ) : (
          <Tooltip label={t('compare.delete.deed')}>
            <ActionIcon
              aria-label={t('action.named', { action: t('compare.delete.deed'), name })}
              onClick={() => onDelete(compare)}
            >
              <IconTrash size={16} stroke={1.5} />
            </ActionIcon>
          </Tooltip>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
