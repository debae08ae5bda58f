import type { Statement } from '../../catalog';
import type { FormContext, PrivilegeRow } from '../../form';
import { quoteIdent, quoteQualified } from '../../quote';
import { TABLE_PRIVILEGES } from '../cluster/common';
import { commentChange, ownerChange } from '../identity';
import { labelChanges } from '../labels';
import { foreignOptionList, optionList } from '../options';
import { knownPrivileges, privilegeChanges } from '../privileges';
import { boundSql } from './bound';
import { columnDefinition, columnExtras, typedColumn } from './column-sql';
import { addConstraint, constraintComment, coveringIndex, constraintDefinition, type Target } from './constraint-sql';
import type { Constraint } from './constraint-shape';
import { elementSql } from './element-shape';
import { attachmentOf, partitionChanges } from './partition-sql';
import { CONSTRAINT_LISTS, type Table } from './table-shape';
import { replicaSql } from './table-settings';

/** Constraints that CREATE TABLE can't take: it holds no rows that could break them, and would call them valid. */
const isApart = (constraint: Constraint): boolean => constraint.notValid;

/** `toast.` before the names of the parameters of the TOAST table. */
export const storageParameters = (table: Table) => [
  ...table.parameters,
  ...table.toastParameters.map(({ name, value }) => ({ name: `toast.${name}`, value })),
];

/** What stands between the brackets of CREATE TABLE. */
function parts(table: Table, isForeign: boolean, version: number): string[] {
  const own = table.columns.filter((column) => !column.inherited || table.ofType !== '');
  const typed = table.ofType !== '';
  const columns =
    table.parent === ''
      ? own.flatMap((column) => (typed ? typedColumn(column) : columnDefinition(column, version)) ?? [])
      : [];
  const like = table.like.map(({ source, including }) =>
    [`LIKE ${source}`, ...including.map((what) => `INCLUDING ${what}`)].join(' '),
  );
  const constraints = CONSTRAINT_LISTS.filter(([, variant]) => !isForeign || variant === 'check').flatMap(
    ([list, variant]) =>
      table[list].filter((each) => !isApart(each)).map((each) => constraintDefinition(variant, each)),
  );
  return [...columns, ...like, ...constraints];
}

function createStatement(table: Table, isForeign: boolean, version: number): string {
  const lines = parts(table, isForeign, version);
  const word = isForeign ? 'FOREIGN TABLE' : table.unlogged ? 'UNLOGGED TABLE' : 'TABLE';
  const isPart = table.parent !== '' || table.ofType !== '';
  const of = table.parent === '' ? (table.ofType === '' ? '' : ` OF ${table.ofType}`) : ` PARTITION OF ${table.parent}`;
  const body = lines.length === 0 ? '' : `\n    ${lines.join(',\n    ')}\n`;
  const oids = table.oids ? [{ name: 'oids', value: 'true' }] : [];
  const parameters = optionList([...oids, ...storageParameters(table)]);
  const clauses = [
    table.parent === '' ? '' : boundSql(table),
    table.inherits.length === 0 || table.parent !== '' ? '' : `INHERITS (${table.inherits.join(', ')})`,
    table.strategy === '' ? '' : `PARTITION BY ${table.strategy} (${table.keys.map(elementSql).join(', ')})`,
    isForeign ? `SERVER ${quoteIdent(table.server)}` : '',
    isForeign && table.options.length > 0 ? `OPTIONS (${foreignOptionList(table.options)})` : '',
    table.accessMethod === '' ? '' : `USING ${quoteIdent(table.accessMethod)}`,
    parameters === '' ? '' : `WITH (${parameters})`,
    table.tablespace === '' ? '' : `TABLESPACE ${quoteIdent(table.tablespace)}`,
  ].filter(Boolean);
  const list = isPart && lines.length === 0 ? '' : ` (${body})`;
  return `CREATE ${word} ${quoteQualified(table.schema, table.name)}${of}${list}${clauses.map((clause) => `\n${clause}`).join('')}`;
}

/** What an owner has of a new table by itself, when the state says what the owner is to have: what is not in it is taken away. */
function ownPrivileges({ owner, privileges }: Table, version: number): PrivilegeRow[] {
  if (!privileges.some(({ grantee }) => grantee === owner)) return [];
  return [{ grantee: owner, privileges: knownPrivileges(TABLE_PRIVILEGES, version), grantable: [] }];
}

/** What makes a table, a partition or a foreign table with everything that belongs to it. */
export function createTable(table: Table, isForeign: boolean, { version, user }: FormContext): Statement[] {
  const name = quoteQualified(table.schema, table.name);
  const target: Target = { table: name, schema: table.schema, databaseTablespace: table.databaseTablespace };
  const kind = isForeign ? 'FOREIGN TABLE' : 'TABLE';
  const constraints = CONSTRAINT_LISTS.filter(([, variant]) => !isForeign || variant === 'check');
  const alter = `ALTER TABLE ${name}`;
  const settings = [
    table.rowSecurity ? `${alter} ENABLE ROW LEVEL SECURITY` : '',
    table.forceRowSecurity ? `${alter} FORCE ROW LEVEL SECURITY` : '',
    table.replicaIdentity === 'DEFAULT' ? '' : `${alter} ${replicaSql(table)}`,
  ].filter(Boolean);
  return [
    { sql: createStatement(table, isForeign, version) },
    ...(table.parent === ''
      ? table.columns.flatMap((each) => columnExtras(name, each, version, table.ofType !== ''))
      : []),
    ...constraints.flatMap(([list, variant]) =>
      table[list].flatMap((each) =>
        isApart(each)
          ? addConstraint(target, variant, each)
          : [...coveringIndex(target, each), ...constraintComment(target, null, each)],
      ),
    ),
    ...(isForeign ? [] : settings.map((sql) => ({ sql }))),
    ...partitionChanges(attachmentOf(table), [], table.partitions),
    ...ownerChange(`${kind} ${name}`, user, table.owner),
    ...commentChange(`${kind} ${name}`, null, table.comment),
    ...privilegeChanges(`TABLE ${name}`, ownPrivileges(table, version), table.privileges),
    ...labelChanges(`${kind} ${name}`, [], table.labels),
  ];
}
