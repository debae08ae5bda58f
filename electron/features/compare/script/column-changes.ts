import type { ColumnShape } from '../../../../shared/model/compare-shape';
import type { ScriptWarning } from '../../../../shared/model/compare';
import { quoteIdent, quoteLiteral } from '../../../../shared/model/quote';
import { optionChanges, type ChangeContext, type ChangeStatement } from './outcome';

export interface ColumnChange {
  readonly statements: readonly ChangeStatement[];
  readonly freesColumns: boolean;
  /** It is dropped and made anew. */
  readonly renews: boolean;
  readonly warnings: readonly ScriptWarning[];
}

/** Where the column is. */
export interface ColumnPlace {
  /** `TABLE s.t` or `FOREIGN TABLE s.t`. */
  readonly table: string;
  /** Whether it changes here, and not with a parent. */
  readonly own: boolean;
}

const WIDER: readonly (readonly [from: RegExp, to: RegExp])[] = [
  [/^smallint$/, /^(integer|bigint|numeric)$/],
  [/^integer$/, /^(bigint|numeric|double precision)$/],
  [/^bigint$/, /^numeric$/],
  [/^real$/, /^double precision$/],
  [/^(character varying|character|text)\b/, /^(text|character varying)$/],
  [/^date$/, /^timestamp/],
];

/** Whether every value of a type fits into the other, so far as it is certain. */
export function isWidening(from: string, to: string): boolean {
  if (WIDER.some(([before, after]) => before.test(from) && after.test(to))) return true;
  const [, base, size] = /^(.*)\((\d+)\)$/.exec(from) ?? [];
  const [, wider, more] = /^(.*)\((\d+)\)$/.exec(to) ?? [];
  if (base !== undefined && base === wider) return Number(more) >= Number(size);
  return base !== undefined && to === base;
}

const base = (type: string): string => type.replace(/\(.*\)/, '');

/** What turns a column of the target into the source's. */
export function columnChanges(
  source: ColumnShape,
  target: ColumnShape,
  place: ColumnPlace,
  context: ChangeContext,
): ColumnChange {
  const name = quoteIdent(source.name);
  const alter = `ALTER ${place.table} ALTER COLUMN ${name}`;
  const only = `ALTER ${place.table.replace('TABLE ', 'TABLE ONLY ')} ALTER COLUMN ${name}`;
  const statements: ChangeStatement[] = [];
  const warnings: ScriptWarning[] = [];
  const subject = `${place.table.replace(/^(FOREIGN )?TABLE /, '')}.${name}`;
  if (place.own && (source.generated !== '' || target.generated !== '')) {
    const generated = generatedChange(source, target, place, context);
    if (generated) return generated;
  }
  let freesColumns = false;
  let fallback = target.default;
  if (place.own && source.identity === '' && target.identity !== '')
    statements.push({ sql: `${alter} DROP IDENTITY;`, mark: 'loss' });
  if (place.own && (source.type !== target.type || source.collation !== target.collation)) {
    freesColumns = true;
    if (fallback !== null && source.generated === '') statements.push({ sql: `${only} DROP DEFAULT;` });
    if (source.generated === '') fallback = null;
    const collate = source.collation === null ? '' : ` COLLATE ${source.collation}`;
    const using =
      base(source.type) === base(target.type) || source.generated !== '' ? '' : ` USING ${name}::${source.type}`;
    const narrows = source.type !== target.type && !isWidening(target.type, source.type);
    if (narrows) warnings.push({ code: 'narrowing', name: `${subject}: ${target.type} → ${source.type}` });
    statements.push({
      sql: `${alter} TYPE ${source.type}${collate}${using};`,
      ...(narrows ? { mark: 'loss' as const } : {}),
    });
  }
  if (source.generated === '' && source.default !== fallback) {
    statements.push({ sql: `${only} ${source.default === null ? 'DROP DEFAULT' : `SET DEFAULT ${source.default}`};` });
  }
  if (place.own) {
    statements.push(...notNullChange(source, target, place, context, alter));
    if (source.notNull && !target.notNull) warnings.push({ code: 'not-null', name: subject });
    statements.push(...identityChange(source, target, alter));
  }
  const options = optionChanges(source.foreignOptions, target.foreignOptions, {
    name: quoteIdent,
    value: quoteLiteral,
  });
  if (options !== '') statements.push({ sql: `${alter} ${options};` });
  return { statements, freesColumns, renews: false, warnings };
}

/** A column that is made anew, since its expression can't be altered. Null: nothing of the kind changed. */
function generatedChange(
  source: ColumnShape,
  target: ColumnShape,
  place: ColumnPlace,
  context: ChangeContext,
): ColumnChange | null {
  if (source.generated === target.generated && source.default === target.default) return null;
  const name = quoteIdent(source.name);
  const alter = `ALTER ${place.table} ALTER COLUMN ${name}`;
  if (source.generated === target.generated && source.type === target.type && context.targetVersion >= 170000) {
    return {
      statements: [{ sql: `${alter} SET EXPRESSION AS (${source.default});` }],
      freesColumns: true,
      renews: false,
      warnings: [],
    };
  }
  // The values stay, and the column changes as any other from then on.
  if (source.generated === '' && target.generated === 's' && context.targetVersion >= 130000) {
    const rest = columnChanges(source, { ...target, generated: '', default: null }, place, context);
    return { ...rest, statements: [{ sql: `${alter} DROP EXPRESSION;` }, ...rest.statements] };
  }
  const loses = target.generated === '' || source.generated === '';
  return {
    statements: [
      { sql: `ALTER ${place.table} DROP COLUMN ${name};`, mark: loses ? 'loss' : 'rebuild' },
      { sql: `ALTER ${place.table} ADD COLUMN ${source.line ?? name};` },
    ],
    freesColumns: true,
    renews: true,
    warnings: loses ? [{ code: 'drop-column', name: `${place.table.replace(/^(FOREIGN )?TABLE /, '')}.${name}` }] : [],
  };
}

function notNullChange(
  source: ColumnShape,
  target: ColumnShape,
  place: ColumnPlace,
  context: ChangeContext,
  alter: string,
): ChangeStatement[] {
  const named = context.targetVersion >= 180000 && source.notNullName !== null;
  const constraint = quoteIdent(source.notNullName ?? '');
  if (source.notNull && !target.notNull) {
    if (!named) return [{ sql: `${alter} SET NOT NULL;` }];
    const noInherit = source.noInherit ? ' NO INHERIT' : '';
    return [
      { sql: `ALTER ${place.table} ADD CONSTRAINT ${constraint} NOT NULL ${quoteIdent(source.name)}${noInherit};` },
    ];
  }
  if (!source.notNull && target.notNull) return [{ sql: `${alter} DROP NOT NULL;` }];
  if (!source.notNull || !named || target.notNullName === null) return [];
  const statements: ChangeStatement[] = [];
  if (source.notNullName !== target.notNullName) {
    statements.push({
      sql: `ALTER ${place.table} RENAME CONSTRAINT ${quoteIdent(target.notNullName)} TO ${constraint};`,
    });
  }
  if (source.noInherit !== target.noInherit) {
    const how = source.noInherit ? 'NO INHERIT' : 'INHERIT';
    statements.push({ sql: `ALTER ${place.table} ALTER CONSTRAINT ${constraint} ${how};` });
  }
  return statements;
}

function identityChange(source: ColumnShape, target: ColumnShape, alter: string): ChangeStatement[] {
  if (source.identity === '') return [];
  const how = source.identity === 'a' ? 'ALWAYS' : 'BY DEFAULT';
  if (target.identity === '') {
    const name = source.identitySequence === null ? [] : [`SEQUENCE NAME ${source.identitySequence}`];
    const add = `${alter} ADD GENERATED ${how} AS IDENTITY (${[...name, ...source.identityOptions].join(' ')});`;
    return fromSerial(source, target.serial ?? null, add);
  }
  const parts = source.identity === target.identity ? [] : [`SET GENERATED ${how}`];
  const has = new Set(target.identityOptions);
  parts.push(...source.identityOptions.filter((option) => !has.has(option)).map((option) => `SET ${option}`));
  const renamed =
    source.identitySequence !== null &&
    target.identitySequence !== null &&
    source.identitySequence !== target.identitySequence
      ? [{ sql: `ALTER SEQUENCE ${target.identitySequence} RENAME TO ${lastPart(source.identitySequence)};` }]
      : [];
  return [...(parts.length === 0 ? [] : [{ sql: `${alter} ${parts.join(' ')};` }]), ...renamed];
}

const FORMER = 'howdah_former_sequence';

/** An identity goes on counting where the column's own sequence was, which makes room for it when it has the name. */
function fromSerial(source: ColumnShape, serial: string | null, add: string): ChangeStatement[] {
  const { identitySequence } = source;
  if (serial === null || identitySequence === null) return [{ sql: add }];
  const bound = (word: string): string =>
    source.identityOptions.find((option) => option.startsWith(word))?.slice(word.length + 1) ?? '1';
  const isSame = serial === identitySequence;
  const former = isSame ? `${serial.slice(0, serial.length - lastPart(serial).length)}${FORMER}` : serial;
  const value = `greatest(least(last_value, ${bound('MAXVALUE')}), ${bound('MINVALUE')})`;
  return [
    ...(isSame
      ? [{ sql: `ALTER SEQUENCE ${serial} OWNED BY NONE;` }, { sql: `ALTER SEQUENCE ${serial} RENAME TO ${FORMER};` }]
      : []),
    { sql: add },
    { sql: `SELECT pg_catalog.setval(${quoteLiteral(identitySequence)}, ${value}, is_called) FROM ${former};` },
    ...(isSame ? [{ sql: `DROP SEQUENCE ${former};`, mark: 'rebuild' as const }] : []),
  ];
}

/** The name of a qualified name that quoteQualified wrote. */
const lastPart = (qualified: string): string => /("(?:[^"]|"")*"|[^."]+)$/.exec(qualified)?.[1] ?? qualified;
