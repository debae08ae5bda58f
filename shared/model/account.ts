/** Accounts and databases of an instance, as the public API tells them. */

/** Who owns what comes first: `super` may do everything that an account may. */
export interface AccountView {
  readonly name: string;
  readonly remark: string;
  readonly status: 'creating' | 'normal' | 'modifying' | 'resetting' | 'locked' | 'deleting';
  readonly type: 'normal' | 'super';
  /** Milliseconds since the epoch; null for accounts that were made by SQL. */
  readonly createdAt: number | null;
  readonly updatedAt: number | null;
  readonly passwordUpdatedAt: number | null;
  /** Roles it is a member of. */
  readonly roles: readonly string[];
}

export interface DatabaseView {
  readonly name: string;
  readonly owner: string;
  readonly encoding: string;
  readonly collate: string;
  readonly ctype: string;
  readonly allowConnections: boolean;
  /** -1 is no limit. */
  readonly connectionLimit: number;
  /** Bytes; null where the control plane does not tell. */
  readonly size: number | null;
  readonly connections: number | null;
}

/** Kinds of objects on which privileges are given. Source: `DatabaseObject.ObjectType` of the public API. */
export const PRIVILEGE_OBJECTS = [
  'account',
  'database',
  'schema',
  'sequence',
  'procedure',
  'type',
  'function',
  'table',
  'view',
  'matview',
  'column',
] as const;
export type PrivilegeObjectType = (typeof PRIVILEGE_OBJECTS)[number];

export interface PrivilegeObject {
  readonly type: PrivilegeObjectType;
  readonly name: string;
  readonly database: string;
  readonly schema: string;
  /** The table of a column. */
  readonly table: string;
}

export interface PrivilegeView {
  readonly object: PrivilegeObject;
  readonly privileges: readonly string[];
}

/** Encodings that `CreateDatabase` takes. Source: the public API. */
export const DATABASE_ENCODINGS = [
  'UTF8',
  'LATIN1',
  'LATIN2',
  'WIN1250',
  'WIN1251',
  'WIN1252',
  'KOI8R',
  'EUC_JP',
  'EUC_KR',
] as const;
