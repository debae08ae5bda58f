import type { FormState } from '../../../../../shared/model/form';
import { bracketed, findOutside } from '../../../../../shared/model/forms/table/sql-parts';
import type { StateReader } from '../state-reader';
import { ENABLED, qualified } from './rows';

interface RuleRow {
  readonly name: string;
  readonly comment: string | null;
  readonly table: string;
  readonly ofView: boolean;
  /** `ev_type`. */
  readonly event: string;
  readonly instead: boolean;
  readonly enabled: string;
  readonly definition: string;
}

const RULE = `
SELECT r.rulename AS name, pg_catalog.obj_description(r.oid, 'pg_rewrite') AS comment, ${qualified('n.nspname', 'c.relname')} AS "table",
       c.relkind = 'v' AS "ofView",
       r.ev_type::text AS event, r.is_instead AS instead, r.ev_enabled::text AS enabled, pg_catalog.pg_get_ruledef(r.oid) AS definition
  FROM pg_catalog.pg_rewrite r JOIN pg_catalog.pg_class c ON c.oid = r.ev_class JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE r.oid = $1`;

const EVENTS: Readonly<Record<string, string>> = { 1: 'SELECT', 2: 'UPDATE', 3: 'INSERT', 4: 'DELETE' };

const DO = ' DO ';
const WHERE = ' WHERE ';

/** The condition and the statements, which the catalogs only tell within the definition: `… WHERE … DO [INSTEAD] (…; …;)`. */
function parsed(definition: string): { readonly where: string; readonly commands: string } {
  const at = findOutside(definition, DO);
  const where = findOutside(definition.slice(0, at), WHERE);
  const actions = definition
    .slice(at + DO.length)
    .replace(/^(INSTEAD|ALSO)\s+/, '')
    .trim();
  const inside = actions.startsWith('(') ? bracketed(actions, 0).inside : actions;
  const commands = inside.trim().replace(/;$/, '');
  return {
    where: where < 0 ? '' : definition.slice(where + WHERE.length, at).trim(),
    commands: commands === 'NOTHING' ? '' : commands,
  };
}

/** State of the rule dialog. */
export const readRuleState: StateReader = async (session, object, signal) => {
  const [row] = await session.query<RuleRow>(RULE, [object.oid], signal);
  if (!row) return null;
  const state: FormState = {
    name: row.name,
    comment: row.comment ?? '',
    table: row.table,
    ofView: row.ofView,
    event: EVENTS[row.event] ?? '',
    instead: row.instead,
    enabled: ENABLED[row.enabled] ?? 'ORIGIN',
    ...parsed(row.definition),
  };
  return { variant: '', state };
};
