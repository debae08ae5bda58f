import type { FormState } from '../../../../../shared/model/form';
import { bracketed, findOutside, listed, unquotedLiteral } from '../../../../../shared/model/forms/table/sql-parts';
import type { StateReader } from '../state-reader';
import { ENABLED, extensionsOf, qualified } from './rows';

interface TriggerRow {
  readonly name: string;
  readonly comment: string | null;
  readonly table: string;
  readonly ofView: boolean;
  /** `tgtype`: bits 1 row, 2 before, 4 insert, 8 delete, 16 update, 32 truncate, 64 instead. */
  readonly type: number;
  readonly updateColumns: readonly string[];
  readonly constraint: boolean;
  readonly deferrable: boolean;
  readonly deferred: boolean;
  readonly from: string | null;
  readonly oldTable: string | null;
  readonly newTable: string | null;
  readonly function: string;
  readonly enabled: string;
  readonly extensions: readonly string[];
  readonly definition: string;
}

const TRIGGER = `
SELECT t.tgname AS name, pg_catalog.obj_description(t.oid, 'pg_trigger') AS comment, ${qualified('n.nspname', 'c.relname')} AS "table",
       c.relkind = 'v' AS "ofView",
       t.tgtype::int4 AS type,
       ARRAY(SELECT a.attname::text FROM pg_catalog.unnest(t.tgattr) WITH ORDINALITY k(number, place)
         JOIN pg_catalog.pg_attribute a ON a.attrelid = t.tgrelid AND a.attnum = k.number ORDER BY k.place) AS "updateColumns",
       t.tgconstraint <> 0 AS constraint, t.tgdeferrable AS deferrable, t.tginitdeferred AS deferred,
       (SELECT ${qualified('fn.nspname', 'f.relname')} FROM pg_catalog.pg_class f JOIN pg_catalog.pg_namespace fn ON fn.oid = f.relnamespace
         WHERE f.oid = t.tgconstrrelid) AS "from",
       t.tgoldtable AS "oldTable", t.tgnewtable AS "newTable", ${qualified('pn.nspname', 'p.proname')} AS function,
       t.tgenabled::text AS enabled, ${extensionsOf('pg_trigger', 't.oid')} AS extensions, pg_catalog.pg_get_triggerdef(t.oid) AS definition
  FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid JOIN pg_catalog.pg_namespace pn ON pn.oid = p.pronamespace
 WHERE t.oid = $1`;

const WHEN = ' WHEN (';
const EXECUTE = ' EXECUTE ';

/** The condition and the arguments, which the catalogs only tell within the definition. */
function parsed(definition: string): { readonly when: string; readonly arguments: readonly string[] } {
  const when = findOutside(definition, WHEN);
  const execute = findOutside(definition, EXECUTE);
  const call = definition.slice(execute);
  return {
    when: when < 0 ? '' : bracketed(definition, when + WHEN.length - 1).inside,
    arguments: listed(bracketed(call, findOutside(call, '(')).inside).map(unquotedLiteral),
  };
}

function timingOf(type: number): string {
  if ((type & 64) !== 0) return 'INSTEAD OF';
  return (type & 2) === 0 ? 'AFTER' : 'BEFORE';
}

const EVENTS = [
  [4, 'INSERT'],
  [16, 'UPDATE'],
  [8, 'DELETE'],
  [32, 'TRUNCATE'],
] as const;

/** State of the trigger dialog. */
export const readTriggerState: StateReader = async (session, object, signal) => {
  const [row] = await session.query<TriggerRow>(TRIGGER, [object.oid], signal);
  if (!row) return null;
  const state: FormState = {
    name: row.name,
    comment: row.comment ?? '',
    table: row.table,
    ofView: row.ofView,
    timing: timingOf(row.type),
    events: EVENTS.filter(([bit]) => (row.type & bit) !== 0).map(([, event]) => event),
    updateColumns: row.updateColumns,
    forEach: (row.type & 1) === 0 ? 'STATEMENT' : 'ROW',
    constraint: row.constraint,
    deferrable: row.deferrable,
    deferred: row.deferred,
    from: row.from ?? '',
    oldTable: row.oldTable ?? '',
    newTable: row.newTable ?? '',
    function: row.function,
    enabled: ENABLED[row.enabled] ?? 'ORIGIN',
    extensions: row.extensions,
    ...parsed(row.definition),
  };
  return { variant: '', state };
};
