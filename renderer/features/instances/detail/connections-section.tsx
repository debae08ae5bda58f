import { Skeleton, Table } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { InstanceSession } from '../../../../shared/model/instance';
import { formatBytes, formatTime, formatUtc } from '../../../ui/bytes';
import { ErrorPanel } from '../../../ui/error-panel';
import { StatusPill, type Tone } from '../../../ui/status-pill';
import { useTab } from '../../../ui/workbench';
import classes from './connections-section.module.css';
import type { DetailProps } from './detail-props';
import { Section } from './section';
import { useSessions } from './use-sessions';

/** Rows that are shown at once; the page stays quick with thousands of connections. */
const SHOWN = 200;
const TONES: Readonly<Record<InstanceSession['state'], Tone>> = { starting: 'busy', waiting: 'info', open: 'ok' };
const COLUMNS = [
  'client',
  'user',
  'database',
  'application',
  'address',
  'tls',
  'state',
  'since',
  'received',
  'sent',
] as const;
const NUMERIC: ReadonlySet<string> = new Set(['received', 'sent']);

/** Who is connected through the gateway, live while it can be seen. */
export function ConnectionsSection({ detail }: DetailProps) {
  const { t } = useTranslation('instances');
  const { sessions, error } = useSessions(detail.plane, detail.id, useTab().visible);
  const shown = (sessions ?? []).slice(0, SHOWN);
  return (
    <Section
      wide
      title={t('connections.title')}
      actions={
        sessions === null || sessions.length === 0 ? null : (
          <span className={classes.quiet}>{t('connections.count', { count: sessions.length })}</span>
        )
      }
    >
      {error === null ? null : <ErrorPanel title={t('connections.failed')} error={error} />}
      {sessions === null && error === null ? <Skeleton height={48} /> : null}
      {sessions?.length === 0 ? <p className={classes.quiet}>{t('connections.none')}</p> : null}
      {shown.length === 0 ? null : (
        <div className={classes.scroller} tabIndex={-1}>
          <Table aria-label={t('connections.title')}>
            <Table.Thead>
              <Table.Tr>
                {COLUMNS.map((column) => (
                  <Table.Th key={column} className={NUMERIC.has(column) ? 'numeric' : ''}>
                    {t(`connections.columns.${column}`)}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {shown.map((session) => (
                <Row key={`${session.client} ${session.since}`} session={session} />
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
      {sessions !== null && sessions.length > SHOWN ? (
        <p className={classes.quiet}>{t('connections.more', { shown: SHOWN })}</p>
      ) : null}
    </Section>
  );
}

function Row({ session }: { readonly session: InstanceSession }) {
  const { t, i18n } = useTranslation('instances');
  // What is encrypted from end to end is not seen by the gateway.
  const named = (text: string) =>
    text === '' ? <span title={session.tls ? t('connections.encrypted') : undefined}>–</span> : text;
  return (
    <Table.Tr data-session={session.client}>
      <Table.Td className="mono selectable">{session.client}</Table.Td>
      <Table.Td className={classes.name ?? ''}>{named(session.user)}</Table.Td>
      <Table.Td className={classes.name ?? ''}>{named(session.database)}</Table.Td>
      <Table.Td className={classes.name ?? ''}>{named(session.application)}</Table.Td>
      <Table.Td>{t(`connections.addresses.${session.address}`)}</Table.Td>
      <Table.Td>{t(session.tls ? 'basic.on' : 'basic.off')}</Table.Td>
      <Table.Td>
        <StatusPill tone={TONES[session.state]}>{t(`connections.states.${session.state}`)}</StatusPill>
      </Table.Td>
      <Table.Td className={classes.since ?? ''} title={formatUtc(session.since)}>
        {formatTime(session.since, i18n.language)}
      </Table.Td>
      <Table.Td className="numeric">{formatBytes(session.bytesIn)}</Table.Td>
      <Table.Td className="numeric">{formatBytes(session.bytesOut)}</Table.Td>
    </Table.Tr>
  );
}
