import type { OpenTransaction, SessionLoss, TransactionState } from '../../../shared/model/query';
import { isKeyword, statementWords, type StatementWord } from '../../../shared/model/statement-words';
import {
  effectsAfter,
  effectsCommitted,
  effectsRolledBack,
  NO_EFFECTS,
  restoringSql,
  type SessionEffects,
} from './session-effects';

/** Statements longer than this are data: what they do to a session stands at their beginning. */
const LONG = 100_000;

export interface DoneStatement {
  readonly sql: string;
  readonly standardStrings: boolean;
  /** Command tag; empty when it failed. */
  readonly tag: string;
  readonly good: boolean;
  readonly before: TransactionState;
  readonly after: TransactionState;
}

/** What became of a transaction, or of the part of one since the last rollback to a savepoint. Changes once. */
export interface TransactionFate {
  readonly undone: boolean;
}

interface Savepoint {
  readonly name: string;
  readonly effects: SessionEffects;
}

/** Rows that a command tag tells of, e.g. 3 of `INSERT 0 3`; 0 when none. */
export const rowsOfTag = (tag: string): number => Number(/ (\d+)$/.exec(tag)?.[1] ?? 0);
const CHANGED = /^(?:INSERT|UPDATE|DELETE|MERGE|COPY) /;

const isOpen = (state: TransactionState): boolean => state === 'transaction' || state === 'failed';

/** Follows what ran in a session: its transaction, its savepoints, and what would go with the connection. */
export class SessionTracker {
  private effects: SessionEffects;
  private begun: SessionEffects | null = null;
  private marks: Savepoint[] = [];
  private transaction: OpenTransaction | null = null;
  private current: { undone: boolean } = { undone: false };

  constructor(role: string) {
    this.effects = { ...NO_EFFECTS, role };
  }

  get role(): string {
    return this.effects.role;
  }

  /** The statement that set `search_path` as it is now; null when none did. */
  get pathSetter(): string | null {
    return this.effects.localPath ?? this.effects.settings.get('search_path') ?? null;
  }

  /** The statement of SET SESSION AUTHORIZATION that is in force; null when none is. */
  get authorizationSetter(): string | null {
    return this.effects.settings.get('session_authorization') ?? null;
  }

  get open(): OpenTransaction | null {
    return this.transaction;
  }

  /** Of what is done in the open transaction from now on. A rollback to a savepoint counts for all that was done before it. */
  get fate(): TransactionFate {
    return this.current;
  }

  /** The connection has gone, and an open transaction with it. */
  lost(transaction: TransactionState): void {
    if (isOpen(transaction)) this.undo();
  }

  /** A transaction that the program opened stays open for the person. */
  opened(after: TransactionState): void {
    this.done({ sql: 'BEGIN', standardStrings: true, tag: 'BEGIN', good: true, before: 'idle', after });
  }

  /** Names, outermost first. */
  get savepoints(): string[] {
    return this.marks.map(({ name }) => name);
  }

  /** One statement has ended. */
  done(statement: DoneStatement): void {
    const { good, tag, before, after } = statement;
    const words = statementWords(statement.sql, statement.standardStrings, statement.sql.length > LONG);
    if (!isOpen(before) && isOpen(after)) {
      this.begin();
      return;
    }
    this.count(tag, before);
    const chained = good && isOpen(after) && chains(words);
    if (isOpen(before) && (!isOpen(after) || chained)) {
      this.end(good && tag !== 'ROLLBACK');
      if (chained) this.begin();
      return;
    }
    if (!good) return;
    if (isOpen(after) && this.mark(words)) return;
    this.effects = effectsAfter(this.effects, statement.sql, words);
    if (!isOpen(after)) this.effects = effectsCommitted(this.effects);
  }

  /** What would go with the connection now; null is nothing. */
  loss(transaction: TransactionState): SessionLoss | null {
    const { tables, prepared, cursors, locks, channels, settings } = this.effects;
    const loss: SessionLoss = {
      transaction: isOpen(transaction),
      tables: [...tables.keys()],
      prepared: [...prepared],
      cursors: [...cursors.keys()],
      locks: [...locks],
      channels: [...channels],
      settings: [...settings.keys()],
      restorable: settings.size + channels.size > 0,
    };
    const names = [loss.tables, loss.prepared, loss.cursors, loss.locks, loss.channels, loss.settings];
    return loss.transaction || names.some((list) => list.length > 0) ? loss : null;
  }

  /** The statements that set again what can be: nothing of a transaction that is rolled back with the connection. */
  restoring(): string[] {
    return restoringSql(this.begun ?? this.effects);
  }

  private undo(): void {
    this.current.undone = true;
    this.current = { undone: false };
  }

  private begin(): void {
    this.current = { undone: false };
    this.begun = this.effects;
    this.marks = [];
    this.transaction = { since: Date.now(), statements: 0, changedRows: 0 };
  }

  private end(committed: boolean): void {
    if (!committed) this.undo();
    this.effects = committed
      ? effectsCommitted(this.effects)
      : effectsRolledBack(this.effects, this.begun ?? this.effects);
    this.begun = null;
    this.marks = [];
    this.transaction = null;
  }

  private count(tag: string, before: TransactionState): void {
    if (!this.transaction || !isOpen(before)) return;
    const { since, statements, changedRows } = this.transaction;
    const changed = CHANGED.test(tag) ? rowsOfTag(tag) : 0;
    this.transaction = { since, statements: statements + 1, changedRows: changedRows + changed };
  }

  /** Whether the statement is about savepoints; then they are as it left them. */
  private mark(words: readonly StatementWord[]): boolean {
    if (isKeyword(words[0], 'savepoint')) {
      this.marks.push({ name: words[1]?.text ?? '', effects: this.effects });
      return true;
    }
    const release = isKeyword(words[0], 'release');
    const to = words.findIndex((word) => isKeyword(word, 'to'));
    if (!release && !(isKeyword(words[0], 'rollback') && to > 0)) return false;
    if (!release) this.undo();
    const name = words.at(-1)?.text ?? '';
    const at = this.marks.findLastIndex((mark) => mark.name === name);
    const mark = this.marks[at];
    if (!mark) return true;
    this.marks = this.marks.slice(0, release ? at : at + 1);
    if (!release) this.effects = effectsRolledBack(this.effects, mark.effects);
    return true;
  }
}

/** `COMMIT AND CHAIN`: the next transaction begins at once. */
const chains = (words: readonly StatementWord[]): boolean =>
  words.some((word, index) => isKeyword(word, 'and') && isKeyword(words[index + 1], 'chain'));
