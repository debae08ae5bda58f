import type { LabelRow, OptionRow, PrivilegeRow } from '../../../../../shared/model/form';
import type { AclEntry } from '../../ddl/acl';

/** Options as catalogs hold them (`name=value`), without the server's own hidden mark. */
export const optionRows = (options: readonly string[] | null): OptionRow[] =>
  (options ?? [])
    .filter((option) => !option.startsWith('pg_attver='))
    .map((option) => {
      const cut = option.indexOf('=');
      return { name: option.slice(0, cut), value: option.slice(cut + 1) };
    });

/** Privileges by grantee, sorted; whoever granted them. */
export function privilegeRows(acl: readonly AclEntry[]): PrivilegeRow[] {
  const rows = new Map<string, { privileges: Set<string>; grantable: Set<string> }>();
  for (const { grantee, privilege, grantable } of acl) {
    const row = rows.get(grantee) ?? { privileges: new Set(), grantable: new Set() };
    row.privileges.add(privilege);
    if (grantable) row.grantable.add(privilege);
    rows.set(grantee, row);
  }
  return [...rows]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([grantee, row]) => ({
      grantee,
      privileges: [...row.privileges].toSorted(),
      grantable: [...row.grantable].toSorted(),
    }));
}

export const labelRows = (
  labels: readonly LabelRow[] | readonly { provider: string; label: string }[] | null,
): LabelRow[] => (labels ?? []).map(({ provider, label }) => ({ provider, label }));

/** `tgenabled` and `ev_enabled` in words. */
export const ENABLED: Readonly<Record<string, string>> = {
  O: 'ORIGIN',
  D: 'DISABLED',
  R: 'REPLICA',
  A: 'ALWAYS',
};

/** SQL expression: a qualified name as SQL writes it. */
export const qualified = (schema: string, name: string): string => `pg_catalog.format('%I.%I', ${schema}, ${name})`;

/** SQL expression: an operator class `oc` of the namespace `on_`; what is in pg_catalog is found without its schema. */
export const OPERATOR_CLASS = `CASE WHEN on_.nspname = 'pg_catalog' THEN pg_catalog.quote_ident(oc.opcname)
  ELSE ${qualified('on_.nspname', 'oc.opcname')} END`;

/** SQL expression: names of the extensions with which an object goes, sorted. */
export const extensionsOf = (catalog: string, oid: string): string =>
  `ARRAY(SELECT e.extname::text FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid
     WHERE d.classid = 'pg_catalog.${catalog}'::pg_catalog.regclass AND d.objid = ${oid}
       AND d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND d.deptype = 'x' ORDER BY 1)`;
