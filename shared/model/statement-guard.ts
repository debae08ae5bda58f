import type { Environment } from './server';
import type { QuerySettings } from './settings';
import { splitSql } from './sql-split';
import { kindOf, statementKind, type StatementKind } from './statement-kind';
import { isCoded, isKeyword, plainConstant, statementWords, type StatementWord } from './statement-words';

/**
 * Why a statement is asked about. `every-row`: UPDATE or DELETE without WHERE. `truncate`, `drop`: what it names is gone. `structure`: objects,
 * rights, maintenance. `change`: rows. `unknown`: code that isn't in the text. `read-write`: it turns off that the session only reads.
 */
export type RiskReason = 'every-row' | 'truncate' | 'drop' | 'structure' | 'change' | 'unknown' | 'read-write';

export interface StatementRisk {
  readonly reason: RiskReason;
  /** In capitals, e.g. `DROP TABLE`. */
  readonly verb: string;
  /** Where it stands in the text, from its first word on. */
  readonly start: number;
  readonly end: number;
}

/** What can't be got back after it is committed. */
const DESTRUCTIVE: ReadonlySet<RiskReason> = new Set(['every-row', 'truncate', 'drop']);
export const isDestructive = ({ reason }: StatementRisk): boolean => DESTRUCTIVE.has(reason);

/** Every statement of a text that isn't plainly a read, in order. */
export function risksOf(sql: string, standardConformingStrings = true): StatementRisk[] {
  return splitSql(sql, standardConformingStrings).statements.flatMap(({ first, end }) => {
    const risk = riskOf(sql.slice(first, end), standardConformingStrings);
    return risk === null ? [] : [{ ...risk, start: first, end }];
  });
}

/** Of one statement; null when it only reads or only touches the session. */
export function riskOf(sql: string, standardConformingStrings = true): Pick<StatementRisk, 'reason' | 'verb'> | null {
  const kind = statementKind(sql, standardConformingStrings);
  if (turnsWritable(sql, kind, standardConformingStrings)) return { reason: 'read-write', verb: kind.verb };
  const reason = reasonOf(kind);
  if (reason !== null) return { reason, verb: kind.verb };
  return kind.verb === 'PREPARE' ? prepared(sql, standardConformingStrings) : null;
}

/** What is prepared is known now; when it is executed, only its name is. */
function prepared(sql: string, standard: boolean): Pick<StatementRisk, 'reason' | 'verb'> | null {
  const words = statementWords(sql, standard);
  const as = words.findIndex((word) => word.depth === 0 && isKeyword(word, 'as'));
  const inner = kindOf(words.slice(as + 1));
  const reason = reasonOf(inner);
  return reason === null ? null : { reason, verb: `PREPARE ${inner.verb}` };
}

function reasonOf({ effect, verb, everyRow }: StatementKind): RiskReason | null {
  if (everyRow) return 'every-row';
  if (verb === 'TRUNCATE') return 'truncate';
  if (verb.startsWith('DROP ')) return 'drop';
  if (effect === 'structure' || effect === 'change') return effect;
  if (verb === 'COMMIT PREPARED') return 'change';
  return effect === 'unknown' ? 'unknown' : null;
}

const READ_ONLY_SETTINGS = new Set(['default_transaction_read_only', 'transaction_read_only']);
const ON = new Set(['on', 'true', 'tru', 'tr', 't', 'yes', 'ye', 'y', '1']);

/** Whether the statement lets a session write that may only read. */
function turnsWritable(sql: string, kind: StatementKind, standard: boolean): boolean {
  if (kind.effect === 'change' || kind.effect === 'structure') return false;
  const words = statementWords(sql, standard);
  const readWrite = words.some((word, i) => isKeyword(word, 'read') && isKeyword(words[i + 1], 'write'));
  if (kind.verb === 'SET') return readWrite || setsOff(words);
  if (kind.effect === 'control') return readWrite;
  return words.some(
    (word, i) =>
      words[i + 1]?.text === '(' && (isCoded(word) || (word.text === 'set_config' && mayConfigure(words, i + 2))),
  );
}

/** Whether one of those settings gets a value that isn't plainly on: there are many ways to write off. */
function setsOff(words: readonly StatementWord[]): boolean {
  const at = words.findIndex((word) => isCoded(word) || READ_ONLY_SETTINGS.has(word.text.toLowerCase()));
  if (at < 0) return false;
  const value = words[at + 2];
  const plainlyOn = words.length === at + 3 && ON.has((plainConstant(value) ?? value?.text ?? '').toLowerCase());
  return isCoded(words[at]) || !plainlyOn;
}

/** `set_config` with a name that is one of those, or that the text doesn't tell. */
function mayConfigure(words: readonly StatementWord[], at: number): boolean {
  const name = plainConstant(words[at]);
  return name === null || words[at + 1]?.text !== ',' || READ_ONLY_SETTINGS.has(name.toLowerCase());
}

/** Whether the person is asked before a text with such statements runs. */
export function asksFor(
  risks: readonly StatementRisk[],
  environment: Environment,
  confirm: QuerySettings['confirm'],
): boolean {
  if (confirm === 'never') return false;
  if (confirm === 'production' && environment !== 'production') return false;
  return risks.some(({ reason }) => reason !== 'read-write');
}
