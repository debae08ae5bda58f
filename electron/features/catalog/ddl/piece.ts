import type { ObjectKind } from '../../../../shared/model/catalog';
import { quoteIdent, quoteLiteral } from '../../../../shared/model/quote';
import { privilegeStatements, type Acl } from './acl';

/** Order of the pieces of one object, and the preference among pieces of a database that don't depend on each other. */
export const PHASE = {
  schema: 10,
  extension: 20,
  type: 30,
  server: 35,
  function: 40,
  operator: 45,
  sequence: 50,
  table: 60,
  ownedBy: 70,
  defaults: 75,
  view: 80,
  constraint: 90,
  index: 100,
  attach: 110,
  foreignKey: 120,
  rule: 130,
  trigger: 140,
  policy: 150,
  publication: 155,
  refresh: 160,
  extensionMark: 165,
  privileges: 170,
  settings: 175,
  eventTrigger: 180,
} as const;

/** What a piece makes or adds to, the same in every database that has it; all pieces of one object carry the same. */
export interface PieceObject {
  readonly kind: ObjectKind;
  /** Schema of the object, or of its table; empty for none. */
  readonly schema: string;
  /** Unquoted, unique among its kind, schema and table: functions with their argument types, e.g. `total(integer)`. */
  readonly name: string;
  /** What it is a part of: the table of a constraint, index, trigger, rule or policy, the server of a user mapping; null for none. */
  readonly table: string | null;
}

/** Statements that belong together and what they make. */
export interface Piece {
  /** `catalog:oid` of the thing made, e.g. `pg_class:16385`, or a name of its own for pieces that make nothing new. */
  readonly id: string;
  readonly phase: number;
  /** Decides among pieces of one phase: qualified name. */
  readonly name: string;
  readonly sql: string;
  /** For pieces that can open a circle of needs: a statement that stands for it until `replacement`, in place of `sql`, makes it. */
  readonly placeholder?: { readonly sql: string; readonly replacement: string };
  readonly object: PieceObject;
  /** Oid of the table that it is a part of, for parts that partitions share. */
  readonly relation?: number;
  /** Ids of pieces that must come first, beyond what the catalogs' own dependencies say. */
  readonly needs: readonly string[];
}

/** Identity of a thing that is no part of a table. */
export const pieceObject = (kind: ObjectKind, schema: string, name: string): PieceObject => ({
  kind,
  schema,
  name,
  table: null,
});

/** Identity of a part of a table or view. */
export const partObject = (
  kind: ObjectKind,
  relation: { readonly schema: string; readonly name: string },
  name: string,
): PieceObject => ({ kind, schema: relation.schema, name, table: relation.name });

/** What every object has beside its definition. */
export interface Attachments {
  readonly owner: string;
  readonly acl: Acl | null;
  readonly comment: string | null;
  readonly labels: readonly { readonly provider: string; readonly label: string }[] | null;
}

/** SQL expression: security labels of an object as JSON, null for none. */
export const labelsJson = (catalog: string, oid: string, sub = '0'): string =>
  `(SELECT pg_catalog.json_agg(pg_catalog.json_build_object('provider', l.provider, 'label', l.label) ORDER BY l.provider)
    FROM pg_catalog.pg_seclabel l WHERE l.objoid = ${oid} AND l.classoid = 'pg_catalog.${catalog}'::pg_catalog.regclass AND l.objsubid = ${sub})`;

/** The same for things of the whole server: databases, roles, tablespaces, subscriptions. */
export const sharedLabelsJson = (catalog: string, oid: string): string =>
  `(SELECT pg_catalog.json_agg(pg_catalog.json_build_object('provider', l.provider, 'label', l.label) ORDER BY l.provider)
    FROM pg_catalog.pg_shseclabel l WHERE l.objoid = ${oid} AND l.classoid = 'pg_catalog.${catalog}'::pg_catalog.regclass)`;

export const labelStatements = (target: string, labels: Attachments['labels']): string[] =>
  (labels ?? []).map(
    ({ provider, label }) => `SECURITY LABEL FOR ${quoteIdent(provider)} ON ${target} IS ${quoteLiteral(label)};`,
  );

export const commentStatement = (target: string, comment: string | null): string[] =>
  comment === null ? [] : [`COMMENT ON ${target} IS ${quoteLiteral(comment)};`];

/**
 * Owner, comment, labels and privileges, in this order: privileges are given by the owner.
 * @param target e.g. `FUNCTION public.total(integer)`; `grantTarget` where GRANT names it differently
 */
export function attachmentStatements(target: string, attachments: Attachments, grantTarget = target): string[] {
  const { owner, acl, comment, labels } = attachments;
  return [
    `ALTER ${target} OWNER TO ${quoteIdent(owner)};`,
    ...commentStatement(target, comment),
    ...labelStatements(target, labels),
    ...(acl ? privilegeStatements(grantTarget, acl) : []),
  ];
}

/** Storage parameters of `reloptions` (`name=value`), ready for WITH (…) or SET (…). `pg_attver` is a server's own hidden mark. */
export function optionList(options: readonly string[] | null, prefix = ''): string {
  return (options ?? [])
    .filter((option) => !option.startsWith('pg_attver='))
    .map((option) => {
      const cut = option.indexOf('=');
      const value = option.slice(cut + 1);
      const isPlain = quoteIdent(value) === value || /^-?\d+(\.\d+)?$/.test(value);
      const shown = isPlain ? value : quoteLiteral(value);
      return `${prefix}${quoteIdent(option.slice(0, cut))}=${shown}`;
    })
    .join(', ');
}

/** Options of foreign objects (`name=value`), ready for OPTIONS (…). */
export const foreignOptions = (options: readonly string[] | null): string =>
  (options ?? [])
    .map((option) => {
      const cut = option.indexOf('=');
      return `${quoteIdent(option.slice(0, cut))} ${quoteLiteral(option.slice(cut + 1))}`;
    })
    .join(', ');

/** What makes a thing and what is said of it afterwards; a statement of several lines stands apart from the next. */
export function joinStatements(create: string, rest: readonly string[]): string {
  if (rest.length === 0) return create;
  return [create, ...(create.includes('\n') ? [''] : []), ...rest].join('\n');
}

/** A statement's text with its semicolon. */
export const terminated = (sql: string): string => `${sql.trimEnd().replace(/;$/, '')};`;
