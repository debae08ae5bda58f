import { Button, Checkbox, Skeleton } from '@mantine/core';
import { IconTerminal } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DatabaseSide } from '../../../shared/contract/compare';
import { errorInfo } from '../../../shared/errors';
import type { DataResult, DataTable } from '../../../shared/model/compare';
import { quoteQualified } from '../../../shared/model/quote';
import { api } from '../../api';
import { formatCount } from '../../ui/bytes';
import { EmptyState } from '../../ui/empty-state';
import { ErrorPanel } from '../../ui/error-panel';
import { MiddleEllipsis } from '../../ui/middle-ellipsis';
import { useCommand, useTabActions } from '../../ui/workbench';
import classes from './data-tab.module.css';
import { writtenRows } from './model';
import { RowDifferences } from './row-differences';
import { useAnswer } from './use-answer';

export interface DataTabProps {
  readonly source: DatabaseSide | null;
  readonly target: DatabaseSide | null;
}

/** Rows that are shown of a table, and statements that are written of it. */
const SHOWN_ROWS = 200;
const WRITTEN = 10_000;

type Outcome = { readonly result: DataResult } | { readonly error: string } | 'waits' | 'runs';

/** Names with dots in them are told apart. */
const nameOf = ({ schema, name }: DataTable): string => quoteQualified(schema, name);

/** The rows of tables that both sides have, compared by their keys. */
export function DataTab({ source, target }: DataTabProps) {
  const { t } = useTranslation('compare');
  if (!source || !target) return <EmptyState title={t('data.databases')} text={t('data.databasesText')} />;
  return <DataTables source={source} target={target} />;
}

function DataTables({ source, target }: { readonly source: DatabaseSide; readonly target: DatabaseSide }) {
  const { t, i18n } = useTranslation('compare');
  const run = useCommand();
  const tables = useAnswer(JSON.stringify([source, target]), (signal) =>
    api.compare.dataTables({ source, target }, signal),
  );
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, Outcome>>(new Map());
  const [shown, setShown] = useState('');
  const [remove, setRemove] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const stop = useRef<AbortController | null>(null);
  const writing = useRef<AbortController | null>(null);
  const [running, setRunning] = useState(false);
  useEffect(
    () => () => {
      stop.current?.abort();
      writing.current?.abort();
    },
    [],
  );

  const compare = async (): Promise<void> => {
    const wanted = (tables.value ?? []).filter((table) => chosen.has(nameOf(table)));
    const ender = new AbortController();
    stop.current = ender;
    setRunning(true);
    setProblem(null);
    const found = new Map<string, Outcome>(wanted.map((table) => [nameOf(table), 'waits']));
    const tell = (name: string, outcome: Outcome): void => {
      found.set(name, outcome);
      setOutcomes(new Map(found));
    };
    for (const { schema, name } of wanted) {
      if (ender.signal.aborted) break;
      const key = nameOf({ schema, name, key: [], reason: '' });
      tell(key, 'runs');
      try {
        const table = { source, target, schema, name };
        tell(key, { result: await api.compare.data({ table, limit: SHOWN_ROWS }, ender.signal) });
      } catch (error) {
        if (errorInfo(error).code === 'cancelled') break;
        tell(key, { error: errorInfo(error).message });
      }
    }
    // What was given up has no outcome.
    setOutcomes(new Map([...found].filter(([, outcome]) => typeof outcome !== 'string')));
    setRunning(false);
  };

  const write = async (table: DataTable): Promise<void> => {
    writing.current?.abort();
    const ender = new AbortController();
    writing.current = ender;
    try {
      const { sql } = await api.compare.dataScript(
        { source, target, tables: [{ schema: table.schema, name: table.name }], remove, limit: WRITTEN },
        ender.signal,
      );
      run({ do: 'open-query', serverId: target.serverId, database: target.database, sql });
    } catch (error) {
      if (errorInfo(error).code !== 'cancelled') setProblem(error);
    }
  };

  const comparable = (tables.value ?? []).filter(({ reason }) => reason === '');
  const shownTable = tables.value?.find((table) => nameOf(table) === shown);
  const outcome = outcomes.get(shown);
  const shownResult =
    outcome !== undefined && typeof outcome !== 'string' && 'result' in outcome ? outcome.result : null;
  const written = shownResult ? writtenRows(shownResult, remove) : 0;
  const canStart = chosen.size > 0 && tables.value !== null;
  useTabActions([
    { id: 'compare.rows', label: t('data.compare'), disabled: running || !canStart, run: () => void compare() },
    { id: 'compare.cancel-rows', label: t('cancel'), disabled: !running, run: () => stop.current?.abort() },
    {
      id: 'compare.rows-script',
      label: t('data.script'),
      disabled: shownTable === undefined || written === 0,
      run: () => {
        if (shownTable) void write(shownTable);
      },
    },
  ]);

  if (tables.error !== null) return <ErrorPanel error={tables.error} onRetry={tables.again} />;
  if (tables.value === null) return <Skeleton height={160} />;
  if (tables.value.length === 0) return <EmptyState title={t('data.none')} text={t('data.noneText')} />;
  return (
    <div className={classes.tab}>
      <div className={classes.bar}>
        <Checkbox
          label={t('data.all', { count: comparable.length })}
          checked={comparable.length > 0 && chosen.size === comparable.length}
          indeterminate={chosen.size > 0 && chosen.size < comparable.length}
          onChange={(event) => setChosen(new Set(event.currentTarget.checked ? comparable.map(nameOf) : []))}
        />
        {running ? (
          <Button variant="default" onClick={() => stop.current?.abort()}>
            {t('cancel')}
          </Button>
        ) : (
          <Button disabled={chosen.size === 0} onClick={() => void compare()}>
            {t('data.compare')}
          </Button>
        )}
        <span className={classes.note}>{t('data.note')}</span>
      </div>
      {problem === null ? null : <ErrorPanel error={problem} />}
      <div className={classes.scroller}>
        <table className={classes.table} aria-label={t('data.tables')}>
          <thead>
            <tr>
              {(['table', 'key', 'onlySource', 'onlyTarget', 'changed', 'equal', 'deeds'] as const).map((column) => (
                <th key={column} scope="col">
                  {t(`data.columns.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {tables.value.map((table) => (
              <TableLine
                key={nameOf(table)}
                table={table}
                outcome={outcomes.get(nameOf(table)) ?? null}
                chosen={chosen.has(nameOf(table))}
                language={i18n.language}
                onChoose={(on) => {
                  const next = new Set(chosen);
                  if (on) next.add(nameOf(table));
                  else next.delete(nameOf(table));
                  setChosen(next);
                }}
                onShow={() => setShown(nameOf(table))}
              />
            ))}
          </tbody>
        </table>
      </div>
      {shownTable && shownResult ? (
        <section className={classes.rows} aria-label={t('data.rowsOf', { name: shown })}>
          <div className={classes.bar}>
            <strong className={classes.name}>
              <MiddleEllipsis text={shown} />
            </strong>
            <Checkbox
              label={t('data.remove')}
              checked={remove}
              onChange={(event) => setRemove(event.currentTarget.checked)}
            />
            <Button
              variant="default"
              leftSection={<IconTerminal size={16} stroke={1.5} />}
              disabled={written === 0}
              onClick={() => void write(shownTable)}
            >
              {t('data.script')}
            </Button>
            {written > WRITTEN ? (
              <span className={classes.note}>
                {t('data.cut', {
                  count: WRITTEN,
                  shown: formatCount(WRITTEN, i18n.language),
                  all: formatCount(written, i18n.language),
                })}
              </span>
            ) : null}
          </div>
          <RowDifferences result={shownResult} />
        </section>
      ) : null}
    </div>
  );
}

interface TableLineProps {
  readonly table: DataTable;
  readonly outcome: Outcome | null;
  readonly chosen: boolean;
  readonly language: string;
  readonly onChoose: (on: boolean) => void;
  readonly onShow: () => void;
}

function TableLine({ table, outcome, chosen, language, onChoose, onShow }: TableLineProps) {
  const { t } = useTranslation('compare');
  const result = outcome !== null && typeof outcome !== 'string' && 'result' in outcome ? outcome.result : null;
  const differing = result ? result.onlySource + result.onlyTarget + result.changed : 0;
  const word =
    table.reason !== ''
      ? t(`data.reasons.${table.reason}`)
      : outcome === null
        ? ''
        : typeof outcome === 'string'
          ? t(`data.${outcome}`)
          : 'error' in outcome
            ? outcome.error
            : '';
  return (
    <tr>
      <td>
        <Checkbox
          label={nameOf(table)}
          checked={chosen}
          disabled={table.reason !== ''}
          onChange={(event) => onChoose(event.currentTarget.checked)}
        />
      </td>
      <td>{table.key.join(', ')}</td>
      {result ? (
        (['onlySource', 'onlyTarget', 'changed', 'equal'] as const).map((count) => (
          <td key={count} className={classes.figure}>
            {formatCount(result[count], language)}
          </td>
        ))
      ) : (
        <td colSpan={4} className={classes.note}>
          {word}
        </td>
      )}
      <td>
        {result && differing > 0 ? (
          <Button size="xs" variant="default" aria-label={t('data.rowsOf', { name: nameOf(table) })} onClick={onShow}>
            {t('data.show')}
          </Button>
        ) : null}
      </td>
    </tr>
  );
}
