import { unquoted } from '../../../../shared/model/compare-database';
import type { ScriptWarning } from '../../../../shared/model/compare';
import type { ShapePiece } from '../../../../shared/model/compare-shape';
import { findWords, sqlWords, textBetween } from '../../../../shared/model/compare-words';
import { quoteIdent, quoteLiteral } from '../../../../shared/model/quote';
import { altered, type Change, type ChangeContext } from './outcome';

interface Subscription {
  readonly connection: string;
  readonly publications: string;
  /** Options as written, by name. */
  readonly options: ReadonlyMap<string, string>;
}

/** Options that ALTER sets whatever the state of the subscription, and what each is when CREATE doesn't say it. */
const USUAL: readonly (readonly [name: string, usual: (version: number) => string])[] = [
  ['synchronous_commit', () => "'off'"],
  ['binary', () => 'false'],
  ['streaming', (version) => (version >= 180000 ? 'parallel' : 'false')],
  ['disable_on_error', () => 'false'],
  ['password_required', () => 'true'],
  ['run_as_owner', () => 'false'],
  ['origin', () => 'any'],
];

/** What follows CONNECTION, PUBLICATION and WITH in what our DDL writes. */
function read(sql: string): Subscription {
  const words = sqlWords(sql);
  const connection = findWords(words, 'CONNECTION');
  const publication = findWords(words, 'PUBLICATION', connection);
  const open = findWords(words, 'WITH (', publication);
  const options = new Map<string, string>();
  for (let at = open + 2; at + 2 < words.length; at += 4) options.set(words[at]?.text ?? '', words[at + 2]?.text ?? '');
  return {
    connection: unquoted(words[connection + 1]?.text ?? "''"),
    publications: textBetween(sql, words, publication + 1, open),
    options,
  };
}

const PAIR = /\s*(\w+)\s*=\s*('(?:[^'\\]|\\.)*'|(?:[^\s\\']|\\.)*)(?=\s|$)/gsy;

/** A connection string without passwords; empty when it can't be told what of it is one. */
export function withoutPassword(connection: string): string {
  if (/^\s*postgres(?:ql)?:\/\//i.test(connection)) {
    const plain = connection
      .replace(/^(\s*postgres(?:ql)?:\/\/[^/?@:]*):[^/?@]*@/i, '$1@')
      .replace(/([?&])(?:ssl)?password=[^&]*&?/gi, '$1');
    return /password|:\/\/(?:[^?@]*:[^?]*@|[^?@]*@[^?]*@)/i.test(plain) ? '' : plain;
  }
  const pairs = [...connection.matchAll(PAIR)];
  if (pairs.map(([text]) => text).join('') !== connection.trimEnd()) return '';
  return pairs
    .filter(([, name]) => !/password/i.test(name ?? ''))
    .map(([, name, value]) => `${name}=${value}`)
    .join(' ');
}

/** A subscription without the notes of our DDL before CREATE; that it is enabled, which they say, is a statement instead. */
export function plainSubscription(piece: ShapePiece): ShapePiece {
  const [create = '', ...rest] = piece.statements;
  const start = sqlWords(create)[0]?.start ?? 0;
  const enabled = /^-- The original is enabled;/m.test(create.slice(0, start));
  const enable = enabled ? [`ALTER SUBSCRIPTION ${quoteIdent(piece.object.name)} ENABLE;`] : [];
  return { ...piece, statements: [create.slice(start), ...rest, ...enable] };
}

/** The same without the statement that enables it. */
export const notEnabled = (piece: ShapePiece): ShapePiece => ({
  ...piece,
  statements: piece.statements.filter((sql) => !/^ALTER SUBSCRIPTION .* ENABLE;$/s.test(sql)),
});

/** Statements of a subscription that is made, not enabled: the person gives the password by ALTER SUBSCRIPTION. */
export function madeSubscription(piece: ShapePiece): ShapePiece {
  const [create = ''] = piece.statements;
  const statements = notEnabled(piece).statements.map((sql) => {
    const words = sqlWords(sql);
    const value = words[findWords(words, 'CONNECTION') + 1];
    if (sql !== create || value?.kind !== 'string') return sql;
    return `${sql.slice(0, value.start)}${quoteLiteral(withoutPassword(unquoted(value.text)))}${sql.slice(value.end)}`;
  });
  return { ...piece, statements };
}

/** What can be altered of a subscription; its slot stays, and so does where it connects to. */
export function subscriptionChanges(sql: string, old: string, name: string, context: ChangeContext): Change {
  const [wanted, has] = [read(sql), read(old)];
  const statements: string[] = [];
  if (wanted.publications !== has.publications) {
    statements.push(`ALTER SUBSCRIPTION ${name} SET PUBLICATION ${wanted.publications} WITH (refresh = false);`);
  }
  const value = ({ options }: Subscription, option: string, version: number): string | undefined =>
    options.get(option) ?? USUAL.find(([each]) => each === option)?.[1](version);
  const set: string[] = [];
  for (const [option] of USUAL) {
    const next = value(wanted, option, context.sourceVersion);
    if (next !== value(has, option, context.targetVersion)) set.push(`${option} = ${next}`);
  }
  if (set.length > 0) statements.push(`ALTER SUBSCRIPTION ${name} SET (${set.join(', ')});`);
  const stays =
    wanted.connection !== has.connection ||
    ['slot_name', 'two_phase', 'failover'].some((option) => wanted.options.get(option) !== has.options.get(option));
  const warnings: ScriptWarning[] = stays ? [{ code: 'subscription', name }] : [];
  return { ...altered(statements), warnings };
}
