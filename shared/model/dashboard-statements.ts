import type { Statement } from './catalog';
import type { SettingRow } from './dashboard';
import { parameterName, parameterSetting } from './forms/parameters';
import { quoteIdent, quoteLiteral } from './quote';

/** For whom a setting is changed. */
export type SettingScope =
  | { readonly of: 'server'; readonly reload: boolean }
  | { readonly of: 'database'; readonly name: string }
  | { readonly of: 'role'; readonly name: string };

/** For whom a setting can be changed at all, and when a change of the server's takes effect. */
export function settingScopes(setting: SettingRow): readonly SettingScope['of'][] {
  switch (setting.context) {
    case 'internal':
      return [];
    case 'user':
    case 'superuser':
    case 'backend':
    case 'superuser-backend':
      return ['server', 'database', 'role'];
    default:
      return ['server'];
  }
}

/** Whether a change needs the server to start anew. */
export const needsRestart = (setting: SettingRow): boolean => setting.context === 'postmaster';

/** The statements that set a value for somebody; null takes the setting back. */
export function settingStatements(name: string, value: string | null, scope: SettingScope): Statement[] {
  const change = value === null ? `RESET ${parameterName(name)}` : `SET ${parameterSetting(name, value)}`;
  switch (scope.of) {
    case 'server':
      return [
        { sql: `ALTER SYSTEM ${change}`, outside: true },
        ...(scope.reload ? [{ sql: 'SELECT pg_catalog.pg_reload_conf()', outside: true } as const] : []),
      ];
    case 'database':
      return [{ sql: `ALTER DATABASE ${quoteIdent(scope.name)} ${change}` }];
    case 'role':
      return [{ sql: `ALTER ROLE ${quoteIdent(scope.name)} ${change}` }];
  }
}

/** Ends a prepared transaction; it must run in the transaction's database. */
export const endPrepared = (gid: string, deed: 'commit' | 'rollback'): Statement => ({
  sql: `${deed === 'commit' ? 'COMMIT' : 'ROLLBACK'} PREPARED ${quoteLiteral(gid)}`,
  outside: true,
});

/** Drops a slot that nobody uses; one of a database must be dropped from there. */
export const dropSlot = (name: string): Statement => ({
  sql: `SELECT pg_catalog.pg_drop_replication_slot(${quoteLiteral(name)})`,
  outside: true,
});
