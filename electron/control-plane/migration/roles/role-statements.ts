import { quoteIdent, quoteLiteral } from '../../../../shared/model/quote';
import type { Membership, SourceRole } from './read-roles';

/** Roles of a cloud's own: the target has its own, or cannot have them. */
const CLOUD =
  /^(?:rds|rds_.*|rdsadmin|rdsrepladmin|rdstopmgr|cloudsql.*|alloydb.*|azure_.*|azuresu|tencentdb_.*|polardb.*|alicloud_.*|pgadmin_.*_managed|neon_superuser|cloud_admin)$/;

export const isCloudRole = (name: string): boolean => CLOUD.test(name);

/** Makes a role with what every account that may make roles may give. */
export function createStatement(role: SourceRole): string {
  return [
    `CREATE ROLE ${quoteIdent(role.name)} WITH`,
    role.inherit ? 'INHERIT' : 'NOINHERIT',
    role.login ? 'LOGIN' : 'NOLOGIN',
    ...(role.connectionLimit >= 0 ? [`CONNECTION LIMIT ${role.connectionLimit}`] : []),
    ...(role.validUntil === null ? [] : [`VALID UNTIL ${quoteLiteral(role.validUntil)}`]),
  ].join(' ');
}

/** What may be refused by itself: each with the word by which it is told. */
export function extraStatements(role: SourceRole): { readonly what: string; readonly sql: string }[] {
  const alter = `ALTER ROLE ${quoteIdent(role.name)} WITH`;
  const attributes: readonly (readonly [boolean, string])[] = [
    [role.createDb, 'CREATEDB'],
    [role.createRole, 'CREATEROLE'],
    [role.replication, 'REPLICATION'],
    [role.bypassRls, 'BYPASSRLS'],
    [role.superuser, 'SUPERUSER'],
  ];
  return [
    ...(role.password === null ? [] : [{ what: 'PASSWORD', sql: `${alter} PASSWORD ${quoteLiteral(role.password)}` }]),
    ...attributes.filter(([has]) => has).map(([, what]) => ({ what, sql: `${alter} ${what}` })),
    ...(role.comment === null
      ? []
      : [{ what: 'COMMENT', sql: `COMMENT ON ROLE ${quoteIdent(role.name)} IS ${quoteLiteral(role.comment)}` }]),
  ];
}

/** A membership in the words of the target; before 16 only ADMIN can be told. */
export function membershipStatement(membership: Membership, targetVersionNum: number): string {
  const grant = `GRANT ${quoteIdent(membership.role)} TO ${quoteIdent(membership.member)}`;
  if (targetVersionNum < 160_000) return membership.admin ? `${grant} WITH ADMIN OPTION` : grant;
  const options = [
    ...(membership.admin ? ['ADMIN TRUE'] : []),
    ...(membership.inherit === null ? [] : [`INHERIT ${String(membership.inherit).toUpperCase()}`]),
    ...(membership.set === null ? [] : [`SET ${String(membership.set).toUpperCase()}`]),
  ];
  return options.length === 0 ? grant : `${grant} WITH ${options.join(', ')}`;
}

/** What a target before 16 cannot say of a membership; null when it can say all. */
export function lostOption(membership: Membership, memberInherits: boolean, targetVersionNum: number): string | null {
  if (targetVersionNum >= 160_000) return null;
  if (membership.set === false) return 'SET FALSE';
  if (membership.inherit !== null && membership.inherit !== memberInherits)
    return `INHERIT ${String(membership.inherit).toUpperCase()}`;
  return null;
}
