import { Button, Skeleton } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ReplicationState, SenderRow, SlotRow, SubscriptionRow } from '../../../shared/model/dashboard';
import { dropSlot } from '../../../shared/model/dashboard-statements';
import { formatBytes, formatDuration } from '../../ui/bytes';
import { StatusPill, type Tone } from '../../ui/status-pill';
import { visibleText } from '../../ui/visible-text';
import { useScene } from './dashboard-context';
import { DataTable, type DataColumn } from './data-table';
import { LookError } from './look-error';
import classes from './pages.module.css';
import { StatementsDialog } from './statements-dialog';
import { askReplication } from './questions';
import { useLook } from './use-look';

const WAL_TONES: Readonly<Record<string, Tone>> = {
  reserved: 'ok',
  extended: 'info',
  unreserved: 'warn',
  lost: 'error',
};
const bytesText = (bytes: number | null): string => (bytes === null ? '–' : formatBytes(bytes));
const timeText = (ms: number | null): string => (ms === null ? '–' : formatDuration(ms));
const nameText = (name: string | null): string => visibleText(name ?? '') || '–';

/** Who is fed by this server, what is kept for them, and who feeds it. */
export function ReplicationPage({ open }: { readonly open: boolean }) {
  const { t } = useTranslation('dashboard');
  const { database } = useScene();
  const { value, error, again } = useLook(open, askReplication);
  const [dropping, setDropping] = useState<SlotRow | null>(null);
  return (
    <div className={classes.sections}>
      <LookError error={error} onRetry={again} />
      {value === null ? (
        error === null ? (
          <Skeleton height={200} />
        ) : null
      ) : (
        <>
          <Standing state={value} />
          <Section title={t('replication.senders')} none={value.senders.length === 0 ? t('replication.noSenders') : ''}>
            <DataTable
              label={t('replication.senders')}
              rows={value.senders}
              columns={senderColumns(t)}
              keyOf={(row) => String(row.pid)}
            />
          </Section>
          <Section title={t('replication.slots')} none={value.slots.length === 0 ? t('replication.noSlots') : ''}>
            <DataTable
              label={t('replication.slots')}
              rows={value.slots}
              columns={slotColumns(t, setDropping)}
              keyOf={(row) => row.name}
            />
          </Section>
          <Section
            title={t('replication.subscriptions')}
            none={value.subscriptions.length === 0 ? t('replication.noSubscriptions') : ''}
          >
            <DataTable
              label={t('replication.subscriptions')}
              rows={value.subscriptions}
              columns={subscriptionColumns(t)}
              keyOf={(row) => row.name}
            />
          </Section>
        </>
      )}
      {dropping ? (
        <StatementsDialog
          title={t('replication.drop.title')}
          text={t('replication.drop.text', { name: dropping.name, size: bytesText(dropping.retainedBytes) })}
          deed={t('replication.drop.deed')}
          statements={[dropSlot(dropping.name)]}
          database={dropping.database ?? database}
          onClose={() => setDropping(null)}
          onDone={again}
        />
      ) : null}
    </div>
  );
}

function Section({
  title,
  none,
  children,
}: {
  readonly title: string;
  readonly none: string;
  readonly children: ReactNode;
}) {
  return (
    <section className={classes.section}>
      <h2>{title}</h2>
      {none === '' ? children : <p className={classes.note}>{none}</p>}
    </section>
  );
}

function Standing({ state }: { readonly state: ReplicationState }) {
  const { t } = useTranslation('dashboard');
  const { receiver } = state;
  const facts: readonly (readonly [key: string, text: string])[] = state.standby
    ? [
        ['role', t('replication.standby')],
        ['replayed', state.position ?? '–'],
        ['replayLag', timeText(state.replayMs)],
        ['replayBytes', bytesText(state.replayBytes)],
        ['paused', t(state.replayPaused === true ? 'yes' : 'no')],
        ['receiver', receiver?.status ?? t('replication.noReceiver')],
        ...(receiver
          ? ([
              ['host', nameText(receiver.host)],
              ['slot', nameText(receiver.slot)],
              ['received', receiver.received ?? '–'],
              ['lastMessage', timeText(receiver.lastMessageMs)],
            ] as const)
          : []),
      ]
    : [
        ['role', t('replication.primary')],
        ['position', state.position ?? '–'],
      ];
  return (
    <dl className={classes.strip}>
      {facts.map(([key, text]) => (
        <div key={key} className={classes.stripFact}>
          <dt>{t(`replication.facts.${key}`)}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  );
}

type Translate = ReturnType<typeof useTranslation<'dashboard'>>['t'];

function senderColumns(t: Translate): readonly DataColumn<SenderRow>[] {
  const lag = (key: 'sentBytes' | 'flushBytes' | 'replayBytes'): DataColumn<SenderRow> => ({
    key,
    label: t(`replication.columns.${key}`),
    numeric: true,
    cell: (row) => bytesText(row[key]),
    sort: (row) => row[key],
  });
  const time = (key: 'writeMs' | 'flushMs' | 'replayMs'): DataColumn<SenderRow> => ({
    key,
    label: t(`replication.columns.${key}`),
    numeric: true,
    cell: (row) => timeText(row[key]),
    sort: (row) => row[key],
  });
  return [
    {
      key: 'application',
      label: t('sessions.columns.application'),
      cell: (row) => nameText(row.application),
      sort: (row) => row.application,
    },
    { key: 'pid', label: t('sessions.columns.pid'), numeric: true, cell: (row) => row.pid, sort: (row) => row.pid },
    { key: 'user', label: t('sessions.columns.user'), cell: (row) => nameText(row.user), sort: (row) => row.user },
    { key: 'client', label: t('sessions.columns.client'), cell: (row) => nameText(row.client) },
    { key: 'state', label: t('sessions.columns.state'), cell: (row) => row.state ?? t('notPermitted') },
    { key: 'sync', label: t('replication.columns.sync'), cell: (row) => row.syncState ?? '–' },
    lag('sentBytes'),
    lag('flushBytes'),
    lag('replayBytes'),
    time('writeMs'),
    time('flushMs'),
    time('replayMs'),
  ];
}

function slotColumns(t: Translate, onDrop: (slot: SlotRow) => void): readonly DataColumn<SlotRow>[] {
  return [
    { key: 'name', label: t('replication.columns.slot'), cell: (row) => nameText(row.name), sort: (row) => row.name },
    {
      key: 'type',
      label: t('replication.columns.type'),
      cell: (row) =>
        [row.type, row.plugin, row.temporary ? t('replication.temporary') : null].filter(Boolean).join(', '),
    },
    { key: 'database', label: t('sessions.columns.database'), cell: (row) => nameText(row.database) },
    {
      key: 'active',
      label: t('sessions.columns.state'),
      cell: (row) => (
        <StatusPill tone={row.active ? 'ok' : 'warn'}>
          {t(row.active ? 'replication.active' : 'replication.inactive', { pid: row.pid ?? '' })}
        </StatusPill>
      ),
      sort: (row) => (row.active ? 1 : 0),
    },
    {
      key: 'retained',
      label: t('replication.columns.retained'),
      numeric: true,
      cell: (row) => bytesText(row.retainedBytes),
      sort: (row) => row.retainedBytes,
    },
    {
      key: 'wal',
      label: t('replication.columns.wal'),
      cell: (row) =>
        row.walStatus === null ? (
          '–'
        ) : (
          <StatusPill tone={WAL_TONES[row.walStatus] ?? 'neutral'}>
            {row.invalidation === null ? row.walStatus : `${row.walStatus}: ${row.invalidation}`}
          </StatusPill>
        ),
    },
    { key: 'safe', label: t('replication.columns.safe'), numeric: true, cell: (row) => bytesText(row.safeBytes) },
    { key: 'idle', label: t('replication.columns.idle'), numeric: true, cell: (row) => timeText(row.inactiveMs) },
    {
      key: 'deeds',
      label: t('deeds'),
      cell: (row) =>
        row.active ? null : (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconTrash size={16} stroke={1.5} />}
            aria-label={t('replication.drop.of', { name: row.name })}
            onClick={() => onDrop(row)}
          >
            {t('replication.drop.short')}
          </Button>
        ),
    },
  ];
}

const subscriptionColumns = (t: Translate): readonly DataColumn<SubscriptionRow>[] => [
  {
    key: 'name',
    label: t('replication.columns.subscription'),
    cell: (row) => nameText(row.name),
    sort: (row) => row.name,
  },
  {
    key: 'pid',
    label: t('sessions.columns.pid'),
    numeric: true,
    cell: (row) => row.pid ?? t('replication.notRunning'),
  },
  { key: 'received', label: t('replication.facts.received'), cell: (row) => row.received ?? '–' },
  { key: 'last', label: t('replication.facts.lastMessage'), numeric: true, cell: (row) => timeText(row.lastMessageMs) },
];
