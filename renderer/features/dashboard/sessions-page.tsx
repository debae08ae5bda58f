import { Button, Checkbox, Skeleton } from '@mantine/core';
import { IconPlayerStop, IconPlugX } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SessionRow } from '../../../shared/model/dashboard';
import { formatDuration } from '../../ui/bytes';
import { EmptyState } from '../../ui/empty-state';
import { StatusPill } from '../../ui/status-pill';
import { visibleText } from '../../ui/visible-text';
import { useTabActions } from '../../ui/workbench';
import { DataTable, type DataColumn } from './data-table';
import { LookError } from './look-error';
import classes from './pages.module.css';
import { readNumber, USUAL_MARKS } from './preferences';
import { SearchField } from './search-field';
import { filteredSessions, type SessionFilter } from './session-filter';
import { SessionMarks, type Marks } from './session-marks';
import { SessionPanel } from './session-panel';
import { lastingMs, maySignal, oneLine, sessionKey, stateWords, waitText, waitWords, whoText } from './session-words';
import { SignalDialog, type SignalQuestion } from './signal-dialog';
import { askSessions } from './questions';
import { useLook } from './use-look';

/** Who is connected and what they do, with cancel and terminate. */
export function SessionsPage({ open }: { readonly open: boolean }) {
  const { t } = useTranslation('dashboard');
  const { value, error, again } = useLook(open, askSessions);
  const [filter, setFilter] = useState<SessionFilter>({ text: '', active: false, background: false, own: false });
  const [marks, setMarks] = useState<Marks>(() => ({
    amber: readNumber('amber', USUAL_MARKS.amber),
    red: readNumber('red', USUAL_MARKS.red),
  }));
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [openKey, setOpenKey] = useState<string | null>(null);
  const [question, setQuestion] = useState<SignalQuestion | null>(null);
  const rows = useMemo(() => filteredSessions(value ?? [], filter), [value, filter]);
  const picked = rows.filter((row) => chosen.has(sessionKey(row)) && maySignal(row));
  const shown = value?.find((row) => sessionKey(row) === openKey);
  const columns = useMemo(() => sessionColumns(t, marks.amber * 60_000, marks.red * 60_000), [t, marks]);
  const box = (key: 'active' | 'background' | 'own') => (
    <Checkbox
      label={t(`sessions.filter.${key}`)}
      checked={filter[key]}
      onChange={(event) => setFilter({ ...filter, [key]: event.currentTarget.checked })}
    />
  );
  const ask = (deed: SignalQuestion['deed']) => setQuestion({ deed, sessions: picked });
  useTabActions(
    (['cancel', 'terminate'] as const).map((deed) => ({
      id: `dashboard.${deed}`,
      label: t(`signal.${deed}.deed`, { count: picked.length }),
      disabled: !open || picked.length === 0,
      run: () => ask(deed),
    })),
  );
  return (
    <div className={classes.split}>
      <div className={classes.main}>
        <div className={classes.bar}>
          <SearchField
            open={open}
            label={t('search')}
            value={filter.text}
            onChange={(text) => setFilter({ ...filter, text })}
          />
          {box('active')}
          {box('background')}
          {box('own')}
          <SessionMarks open={open} marks={marks} onChange={setMarks} />
          <span className={classes.push}>
            <Button
              size="xs"
              variant="default"
              disabled={picked.length === 0}
              leftSection={<IconPlayerStop size={16} stroke={1.5} />}
              onClick={() => ask('cancel')}
            >
              {t('signal.cancel.deed', { count: picked.length })}
            </Button>
            <Button
              size="xs"
              variant="default"
              disabled={picked.length === 0}
              leftSection={<IconPlugX size={16} stroke={1.5} />}
              onClick={() => ask('terminate')}
            >
              {t('signal.terminate.deed', { count: picked.length })}
            </Button>
          </span>
        </div>
        <LookError error={error} onRetry={again} />
        {value?.some(({ hidden }) => hidden) === true ? (
          <p className={classes.hint}>{t('sessions.hiddenText')}</p>
        ) : null}
        {value === null ? (
          error === null ? (
            <Skeleton height={200} />
          ) : null
        ) : rows.length === 0 ? (
          <EmptyState title={t('sessions.none')} text={t('sessions.noneText')} />
        ) : (
          <DataTable
            label={t('pages.sessions')}
            rows={rows}
            columns={columns}
            keyOf={sessionKey}
            openKey={openKey}
            onOpen={(row) => setOpenKey(sessionKey(row))}
            selection={{
              chosen,
              onChange: setChosen,
              mayChoose: maySignal,
              nameOf: (row) => `${row.pid} ${whoText(row)}`,
            }}
          />
        )}
      </div>
      {shown ? <SessionPanel session={shown} onAsk={setQuestion} onClose={() => setOpenKey(null)} /> : null}
      {question ? <SignalDialog question={question} onClose={() => setQuestion(null)} onDone={again} /> : null}
    </div>
  );
}

type Translate = Parameters<typeof stateWords>[0];

function sessionColumns(t: Translate, amberMs: number, redMs: number): readonly DataColumn<SessionRow>[] {
  const text = (key: 'user' | 'database' | 'application' | 'client'): DataColumn<SessionRow> => ({
    key,
    label: t(`sessions.columns.${key}`),
    cell: (row) => <span title={visibleText(row[key] ?? '')}>{visibleText(row[key] ?? '') || '–'}</span>,
    sort: (row) => row[key],
  });
  return [
    { key: 'pid', label: t('sessions.columns.pid'), cell: (row) => row.pid, sort: (row) => row.pid, numeric: true },
    text('user'),
    text('database'),
    text('application'),
    {
      key: 'state',
      label: t('sessions.columns.state'),
      cell: (row) => {
        const { tone, text: word } = stateWords(t, row);
        return row.state === null && !row.hidden ? (
          visibleText(row.kind ?? '–')
        ) : (
          <StatusPill tone={tone}>{word}</StatusPill>
        );
      },
      sort: (row) => row.state ?? row.kind,
    },
    {
      key: 'lasting',
      label: t('sessions.columns.lasting'),
      numeric: true,
      cell: (row) => <Lasting ms={lastingMs(row)} amberMs={amberMs} redMs={redMs} />,
      sort: lastingMs,
    },
    {
      key: 'wait',
      label: t('sessions.columns.wait'),
      cell: (row) =>
        row.waitType === null ? (
          '–'
        ) : (
          <span title={waitWords(t, row.waitType, row.waitEvent ?? '')}>
            {waitText(t, row.waitType, row.waitEvent ?? '')}
          </span>
        ),
      sort: (row) => row.waitType && waitText(t, row.waitType, row.waitEvent ?? ''),
    },
    {
      key: 'query',
      label: t('sessions.columns.query'),
      wide: true,
      cell: (row) =>
        row.hidden ? t('notPermitted') : <code title={row.query.slice(0, 2000)}>{oneLine(row.query)}</code>,
      sort: (row) => (row.hidden ? null : row.query),
    },
    text('client'),
    {
      key: 'backendMs',
      label: t('sessions.columns.backendMs'),
      numeric: true,
      cell: (row) => (row.backendMs === null ? '–' : formatDuration(row.backendMs)),
      sort: (row) => row.backendMs,
    },
  ];
}

/** A duration that is marked when it is long. */
function Lasting({
  ms,
  amberMs,
  redMs,
}: {
  readonly ms: number | null;
  readonly amberMs: number;
  readonly redMs: number;
}) {
  const { t } = useTranslation('dashboard');
  if (ms === null) return '–';
  const text = formatDuration(ms);
  if (ms < amberMs && ms < redMs) return text;
  const tone = ms >= redMs ? 'error' : 'warn';
  return (
    <span title={t(tone === 'error' ? 'sessions.veryLong' : 'sessions.long')}>
      <StatusPill tone={tone}>{text}</StatusPill>
    </span>
  );
}
