import { Table } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { MigrationEvent } from '../../../../shared/model/migration-api';
import { formatUtc } from '../../../ui/bytes';
import { EmptyState } from '../../../ui/empty-state';
import classes from './events-tab.module.css';

/** Kinds whose text says more than their name does. */
const TELLING: ReadonlySet<string> = new Set([
  'address-not-held',
  'address-not-moved',
  'away',
  'back',
  'check-not-passed',
  'cut-over-failed',
  'decided',
  'failed',
  'fixed',
  'halted',
  'left-out',
  'not-cleaned',
  'opened',
  'resized',
  'skipped',
  'waits',
  'wal-alarm',
  'worker-lost',
  'written-late',
]);

/** What was done to the task and what happened to it, newest first. */
export function EventsTab({ events }: { readonly events: readonly MigrationEvent[] }) {
  const { t, i18n } = useTranslation('migration');
  if (events.length === 0) return <EmptyState title={t('event.none')} />;
  const time = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' });
  return (
    <Table aria-label={t('task.tab.events')}>
      <Table.Thead>
        <Table.Tr>
          {(['time', 'what', 'text'] as const).map((column) => (
            <Table.Th key={column}>{t(`event.columns.${column}`)}</Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {events
          .toSorted((a, b) => b.at - a.at)
          .map((event, at) => (
            <Table.Tr key={`${event.at} ${at}`} data-event={event.kind}>
              <Table.Td className={classes.time ?? ''} title={formatUtc(event.at)}>
                {time.format(event.at)}
              </Table.Td>
              <Table.Td className={classes.time ?? ''}>
                {t(`event.kinds.${event.kind}`, { defaultValue: event.kind })}
              </Table.Td>
              <Table.Td className={classes.text ?? ''} title={event.text}>
                {TELLING.has(event.kind) ? event.text : ''}
              </Table.Td>
            </Table.Tr>
          ))}
      </Table.Tbody>
    </Table>
  );
}
