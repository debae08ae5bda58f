import type { Statement } from '../../catalog';
import { quoteIdent, quoteQualified } from '../../quote';
import { optionChanges } from '../options';
import { tablespaceChange } from '../tablespace';
import type { Table } from './table-shape';

export const replicaSql = ({ replicaIdentity, replicaIndex }: Table): string =>
  `REPLICA IDENTITY ${replicaIdentity === 'INDEX' ? `USING INDEX ${quoteIdent(replicaIndex)}` : replicaIdentity}`;

/** What changes of a table beside its columns, constraints and place: storage, logging, security, replication. */
export function settingChanges(before: Table, after: Table): Statement[] {
  const name = quoteQualified(after.schema, after.name);
  const alter = `ALTER TABLE ${name}`;
  const statements: string[] = [];
  if (before.accessMethod !== after.accessMethod) {
    statements.push(
      `${alter} SET ACCESS METHOD ${after.accessMethod === '' ? 'heap' : quoteIdent(after.accessMethod)}`,
    );
  }
  if (before.unlogged !== after.unlogged) statements.push(`${alter} SET ${after.unlogged ? 'UNLOGGED' : 'LOGGED'}`);
  if (before.oids !== after.oids) statements.push(`${alter} SET ${after.oids ? 'WITH' : 'WITHOUT'} OIDS`);
  if (before.rowSecurity !== after.rowSecurity) {
    statements.push(`${alter} ${after.rowSecurity ? 'ENABLE' : 'DISABLE'} ROW LEVEL SECURITY`);
  }
  if (before.forceRowSecurity !== after.forceRowSecurity) {
    statements.push(`${alter} ${after.forceRowSecurity ? '' : 'NO '}FORCE ROW LEVEL SECURITY`);
  }
  if (before.replicaIdentity !== after.replicaIdentity || before.replicaIndex !== after.replicaIndex) {
    statements.push(`${alter} ${replicaSql(after)}`);
  }
  const toast = (table: Table) =>
    table.toastParameters.map(({ name: each, value }) => ({ name: `toast.${each}`, value }));
  return [
    ...tablespaceChange(`TABLE ${name}`, before.tablespace, after.tablespace, before.databaseTablespace),
    ...statements.map((sql) => ({ sql })),
    ...optionChanges(`TABLE ${name}`, before.parameters, after.parameters),
    ...optionChanges(`TABLE ${name}`, toast(before), toast(after)),
  ];
}
