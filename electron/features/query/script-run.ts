import type { RawSession } from '../../adapters/postgres/raw-session';
import type { QueryMessage } from '../../../shared/model/query';
import { nextStatement, type SqlStatement } from '../../../shared/model/sql-split';
import type { CatalogNames } from './catalog-names';
import type { ResultSet } from './result-set';
import { failureMessage, ownMessage, refusedMessage, serverMessage } from './run-messages';
import { MAX_RESULTS, type RunResults } from './run-results';

const STATEMENT_LABEL = 200;
const QUERY_CANCELED = '57014';
const ignore = (): void => undefined;

export interface ScriptRun {
  readonly raw: RawSession;
  readonly sql: string;
  /** Fires when the person cancels: no further statement starts. */
  readonly signal: AbortSignal;
  readonly results: RunResults;
  readonly names: CatalogNames;
  readonly say: (message: QueryMessage) => void;
  /** Rows or columns came; `first`: of a result that was not shown yet. */
  readonly changed: (first: boolean) => void;
  /** A statement starts at this offset. */
  readonly starts: (offset: number) => void;
  /** One more statement is done. */
  readonly done: () => void;
  /** Cancels what runs on the server. */
  readonly cancel: () => void;
}

/** Whether backslashes are plain characters in this session's constants. */
export const standardStrings = (raw: RawSession | null): boolean =>
  raw?.parameter('standard_conforming_strings') !== 'off';

/** Runs a script statement by statement, as psql does, until its end or the first error. Fails with `lost-connection`. */
export async function runScript(run: ScriptRun): Promise<void> {
  for (let from = 0; ;) {
    const found = nextStatement(run.sql, from, standardStrings(run.raw));
    if (found.kind === 'end') return;
    if (found.kind === 'refused') {
      run.say(refusedMessage(found.refused, run.sql, false));
      return;
    }
    const { statement } = found;
    if (run.signal.aborted) {
      run.say(ownMessage('ERROR', 'The run was cancelled before this statement', { position: statement.first + 1 }));
      return;
    }
    if (!(await runStatement(run, statement))) return;
    run.done();
    from = statement.next;
  }
}

/** Runs one statement to its end. False when the script stops here. */
async function runStatement(run: ScriptRun, statement: SqlStatement): Promise<boolean> {
  const { raw, sql } = run;
  run.starts(statement.start);
  const startedAt = performance.now();
  let result: ResultSet | null = null;
  let good = true;
  let full = false;
  await raw.query(sql.slice(statement.start, statement.end), {
    columns(columns) {
      const label = sql.slice(statement.first, Math.min(statement.end, statement.first + STATEMENT_LABEL));
      const dropped = run.results.dropped;
      result = run.results.add(label, columns, run.names, startedAt);
      if (!result && !dropped) {
        run.say(ownMessage('WARNING', `Only the first ${MAX_RESULTS} results of a run are kept`));
      }
      run.changed(false);
    },
    rows(chunk, start, end, count) {
      if (!result) return;
      result.spool.append(chunk, start, end, count);
      const { failure } = result.spool;
      if (failure && !full) {
        full = true;
        run.say(failureMessage(failure.info));
        run.cancel();
      }
      holdBack(raw, result);
      run.changed(!result.shown);
    },
    complete(tag) {
      result?.finish(tag);
      result = null;
      const ms = Math.round(performance.now() - startedAt);
      if (tag !== '') run.say(ownMessage('COMMAND', tag, { ms, position: statement.first + 1 }));
    },
    error(error) {
      good = false;
      // The cancel was our own: what was said about the disk is the reason.
      if (!full || error.sqlstate !== QUERY_CANCELED) run.say(serverMessage(error, sql, statement.start));
    },
  });
  await keepEncoding(run);
  return good && !full;
}

/** Back-pressure: the server waits while the disk does. */
function holdBack(raw: RawSession, { spool }: ResultSet): void {
  if (!spool.saturated) return;
  raw.pause();
  void spool.drained().then(() => raw.resume());
}

/** Values are read as UTF-8: a script that changes client_encoding is told that it was set back. */
async function keepEncoding({ raw, say }: ScriptRun): Promise<void> {
  const encoding = raw.parameter('client_encoding');
  if (encoding === undefined || encoding === 'UTF8' || raw.transaction === 'failed') return;
  await raw.query("SET client_encoding TO 'UTF8'", {
    columns: ignore,
    rows: ignore,
    complete: ignore,
    error: ignore,
  });
  say(ownMessage('WARNING', `client_encoding was set back from ${encoding} to UTF8, which this program reads`));
}
