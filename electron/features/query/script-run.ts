import type { RawSession } from '../../adapters/postgres/raw-session';
import { explainPrefix } from '../../../shared/model/explain';
import type { ExplainOptions, QueryMessage, SessionMode } from '../../../shared/model/query';
import { riskOf } from '../../../shared/model/statement-guard';
import { statementKind, type StatementKind } from '../../../shared/model/statement-kind';
import { nextStatement, type SqlStatement } from '../../../shared/model/sql-split';
import { isKeyword, statementWords } from '../../../shared/model/statement-words';
import type { CatalogNames } from './catalog-names';
import { ask } from './own-query';
import type { ResultSet } from './result-set';
import { failureMessage, ownMessage, readOnlyMessage, refusedMessage, serverMessage } from './run-messages';
import { stayReadOnly } from './run-frame';
import { MAX_RESULTS, type RunResults } from './run-results';
import type { SessionTracker } from './session-tracker';
import { STATEMENT_SAVEPOINT } from './transaction-sql';

const QUERY_CANCELED = '57014';

export interface ScriptRun {
  readonly raw: RawSession;
  readonly sql: string;
  readonly mode: SessionMode;
  /** Each statement is explained instead of run. */
  readonly explain: ExplainOptions | null;
  /** The server is registered as one that is only read. */
  readonly readOnly: boolean;
  /** Fires when the person cancels: no further statement starts. */
  readonly signal: AbortSignal;
  readonly results: RunResults;
  readonly names: CatalogNames;
  readonly tracker: SessionTracker;
  readonly say: (message: QueryMessage) => void;
  /** Rows or columns came; `first`: of a result that was not shown yet. */
  readonly changed: (first: boolean) => void;
  /** A statement starts at this offset; `shift`: characters that are sent in front of it. */
  readonly starts: (offset: number, shift: number) => void;
  /** One more statement is done. */
  readonly done: (tag: string) => void;
  /** Cancels what runs on the server. */
  readonly cancel: () => void;
}

/** Whether backslashes are plain characters in this session's constants. */
export const standardStrings = (raw: RawSession | null): boolean =>
  raw?.parameter('standard_conforming_strings') !== 'off';

/** Runs a script statement by statement, as psql does, until its end or the error that stops it. Fails with `lost-connection`. */
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
    if (!(await runOne(run, statement))) return;
    from = statement.next;
  }
}

/** One statement with all that stands around it by the session's mode. False when the script stops here. */
async function runOne(run: ScriptRun, statement: SqlStatement): Promise<boolean> {
  const { raw, mode, explain } = run;
  const standard = standardStrings(raw);
  const sql = run.sql.slice(statement.first, statement.end);
  const kind = statementKind(sql, standard);
  run.starts(statement.start, 0);
  if (run.readOnly) {
    const risk = riskOf(sql, standard);
    if (risk && (explain === null || explain.analyze || risk.reason === 'read-write')) {
      run.say(readOnlyMessage(risk, statement.first, false));
      return false;
    }
    await stayReadOnly(raw);
  }
  if (explain && !kind.explainable) {
    run.say(
      ownMessage('WARNING', `${kind.verb} can not be explained: it was left out`, { position: statement.first + 1 }),
    );
    run.done('');
    return true;
  }
  if (!(await opened(run, kind))) return false;
  const guarded =
    mode.onError === 'continue' && raw.transaction === 'transaction' && needsSavepoint(kind, sql, standard);
  if (guarded && !(await quietly(run, `SAVEPOINT ${STATEMENT_SAVEPOINT}`))) return false;
  const before = raw.transaction;
  const { good, full, tag } = await runStatement(run, statement, kind);
  // Before the program's own savepoint goes: what it undoes, the statement itself has undone.
  const failed = raw.transaction === 'failed';
  if (guarded) await endSavepoint(run, kind);
  run.tracker.done({ sql, standardStrings: standard, tag, good, before, after: raw.transaction });
  await keepEncoding(run);
  const goesOn =
    good || (mode.onError === 'continue' && !run.signal.aborted && (guarded || !failed || before !== 'transaction'));
  if (goesOn) run.done(tag);
  return goesOn && !full;
}

/** Without autocommit, a transaction is open before the first statement that can be in one, as in psql. */
async function opened(run: ScriptRun, kind: StatementKind): Promise<boolean> {
  const { raw, mode, explain, tracker } = run;
  if (mode.autocommit || explain || raw.transaction !== 'idle') return true;
  if (!kind.inTransaction && kind.verb !== 'SAVEPOINT') return true;
  if (!(await quietly(run, 'BEGIN'))) return false;
  tracker.done({
    sql: 'BEGIN',
    standardStrings: true,
    tag: 'BEGIN',
    good: true,
    before: 'idle',
    after: raw.transaction,
  });
  return true;
}

/** Settings of a transaction that are refused in a subtransaction. */
const FIRST_SETTINGS = new Set(['transaction_isolation', 'transaction_deferrable', 'transaction_read_only']);

/** What ends a transaction or has to be its first can't stand behind a savepoint. */
function needsSavepoint({ verb, effect }: StatementKind, sql: string, standard: boolean): boolean {
  const words = statementWords(sql, standard, true);
  if (effect === 'control')
    return verb === 'RELEASE' || (verb === 'ROLLBACK' && words.some((word) => isKeyword(word, 'to')));
  if (verb !== 'SET') return true;
  const named = words[isKeyword(words[1], 'local') || isKeyword(words[1], 'session') ? 2 : 1];
  return !isKeyword(named, 'transaction') && !FIRST_SETTINGS.has(named?.text.toLowerCase() ?? '');
}

async function endSavepoint(run: ScriptRun, kind: StatementKind): Promise<void> {
  const { raw } = run;
  if (raw.transaction === 'failed') {
    // A cancel that comes late may hit the first: the second one is what it was not meant for.
    const back = `ROLLBACK TO SAVEPOINT ${STATEMENT_SAVEPOINT}`;
    if ((await ask(raw, back)).error && !(await quietly(run, back))) return;
  } else if (raw.transaction !== 'transaction' || kind.effect === 'control') return;
  await quietly(run, `RELEASE SAVEPOINT ${STATEMENT_SAVEPOINT}`);
}

/** A statement of the program's own: only its failure is told. */
async function quietly(run: ScriptRun, sql: string): Promise<boolean> {
  const { error } = await ask(run.raw, sql);
  if (error) run.say({ ...serverMessage(error, '', 0), position: null });
  return error === null;
}

interface Outcome {
  readonly good: boolean;
  /** The disk is full. */
  readonly full: boolean;
  readonly tag: string;
}

/** Runs one statement to its end. */
async function runStatement(run: ScriptRun, statement: SqlStatement, kind: StatementKind): Promise<Outcome> {
  const { raw, sql, explain } = run;
  const prefix = explain ? explainPrefix(explain, raw.serverVersionNum) : '';
  run.starts(statement.start, prefix.length);
  const startedAt = performance.now();
  let result: ResultSet | null = null;
  let good = true;
  let full = false;
  let ended = '';
  await raw.query(prefix + sql.slice(statement.start, statement.end), {
    columns(columns) {
      const { dropped } = run.results;
      const origin = {
        statement: sql.slice(statement.first, statement.end),
        plan: explain,
        arrangement: null,
        standsAlone: explain === null && kind.standsAlone,
      };
      result = run.results.add(origin, columns, run.names, startedAt);
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
      ended = tag;
      const ms = Math.round(performance.now() - startedAt);
      if (tag !== '') run.say(ownMessage('COMMAND', tag, { ms, position: statement.first + 1 }));
    },
    error(error) {
      good = false;
      // The cancel was our own: what was said about the disk is the reason.
      if (!full || error.sqlstate !== QUERY_CANCELED) {
        run.say(serverMessage(error, sql, statement.start, prefix.length));
      }
    },
  });
  return { good, full, tag: ended };
}

/** Back-pressure: the server waits while the disk does. */
export function holdBack(raw: RawSession, { spool }: ResultSet): void {
  if (!spool.saturated) return;
  raw.pause();
  void spool.drained().then(() => raw.resume());
}

/** Values are read as UTF-8: a script that changes client_encoding is told that it was set back. */
async function keepEncoding({ raw, say }: ScriptRun): Promise<void> {
  const encoding = raw.parameter('client_encoding');
  if (encoding === undefined || encoding === 'UTF8' || raw.transaction === 'failed') return;
  await ask(raw, "SET client_encoding TO 'UTF8'");
  say(ownMessage('WARNING', `client_encoding was set back from ${encoding} to UTF8, which this program reads`));
}
