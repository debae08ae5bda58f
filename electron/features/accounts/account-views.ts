import type { AccountView, DatabaseView } from '../../../shared/model/account';
import type { AccountResponse, DatabaseResponse, FigureResponse } from './responses';

/** Source: `AccountInfo.Status` of the public API. */
const STATUSES: Readonly<Record<number, AccountView['status']>> = {
  1: 'creating',
  2: 'normal',
  3: 'modifying',
  4: 'resetting',
  5: 'locked',
  [-1]: 'deleting',
};

/** `2026-11-01 08:00:00` of the API is Beijing time; the row of zeros is "never". */
function timeOf(text: string | null | undefined): number | null {
  const at = Date.parse(`${(text ?? '').replace(' ', 'T')}+08:00`);
  return Number.isNaN(at) ? null : at;
}

export const accountView = (account: AccountResponse): AccountView => ({
  name: account.UserName,
  remark: account.Remark ?? '',
  status: STATUSES[account.Status ?? 2] ?? 'modifying',
  type: account.UserType === 'tencentDBSuper' ? 'super' : 'normal',
  createdAt: timeOf(account.CreateTime),
  updatedAt: timeOf(account.UpdateTime),
  passwordUpdatedAt: timeOf(account.PasswordUpdateTime),
  roles: account.PGRoles ?? [],
});

export const databaseView = (database: DatabaseResponse, figures: FigureResponse | undefined): DatabaseView => ({
  name: database.DatabaseName,
  owner: database.DatabaseOwner ?? '',
  encoding: database.Encoding ?? '',
  collate: database.Collate ?? '',
  ctype: database.Ctype ?? '',
  allowConnections: database.AllowConn ?? true,
  connectionLimit: database.ConnLimit ?? -1,
  size: figures?.Size ?? null,
  connections: figures?.Connections ?? null,
});
