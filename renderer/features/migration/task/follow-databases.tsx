import { Table } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { DatabaseFollow } from '../../../../shared/model/migration';
import { formatBytes, formatCount } from '../../../ui/bytes';
import { MiddleEllipsis } from '../../../ui/middle-ellipsis';
import { StatusPill } from '../../../ui/status-pill';
import classes from './follow-databases.module.css';
import { secondsText, TONE_OF_FOLLOW } from './follow-model';

const COUNTED = ['transactions', 'inserted', 'updated', 'deleted'] as const;
const COLUMNS = ['database', 'state', 'gap', 'wal', ...COUNTED, 'halts'] as const;
const WORDS: ReadonlySet<string> = new Set(['database', 'state']);

/** Every database that is followed, when there are several. */
export function FollowDatabases({ databases }: { readonly databases: readonly DatabaseFollow[] }) {
  const { t, i18n } = useTranslation('migration');
  const count = (value: number) => formatCount(value, i18n.language);
  return (
    <div className={classes.scroller}>
      <Table className={classes.table ?? ''} aria-label={t('task.follow.databases')} stickyHeader>
        <Table.Thead>
          <Table.Tr>
            {COLUMNS.map((column) => (
              <Table.Th key={column} className={WORDS.has(column) ? '' : (classes.figure ?? '')}>
                {t(`task.follow.columns.${column}`)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {databases.map((each) => (
            <Table.Tr key={each.database} data-database={each.database} data-follow={each.state}>
              <Table.Td className={classes.name ?? ''}>
                <MiddleEllipsis text={each.database} tail={10} copyable />
                {each.problem === '' ? null : <div className={classes.problem}>{each.problem}</div>}
              </Table.Td>
              <Table.Td>
                <StatusPill tone={TONE_OF_FOLLOW[each.state]}>{t(`task.follow.states.${each.state}`)}</StatusPill>
              </Table.Td>
              <Table.Td className={classes.figure ?? ''} title={`${each.applied} → ${each.written}`}>
                {[formatBytes(each.lagBytes), each.lagSeconds === null ? '' : secondsText(each.lagSeconds)]
                  .filter((part) => part !== '')
                  .join(' · ')}
              </Table.Td>
              <Table.Td className={classes.figure ?? ''} title={`${each.slot} ${each.walStatus}`}>
                {each.retainedBytes === null ? '' : formatBytes(each.retainedBytes)}
              </Table.Td>
              {COUNTED.map((column) => (
                <Table.Td key={column} className={classes.figure ?? ''}>
                  {count(each[column])}
                </Table.Td>
              ))}
              <Table.Td className={classes.figure ?? ''}>
                {each.halts.length === 0 ? '' : count(each.halts.length)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
