import { z } from 'zod';
import type {
  AccountInfo,
  CreateAccountResponse,
  DeleteAccountResponse,
  DescribeAccountPrivilegesResponse,
  DescribeAccountsResponse,
  LockAccountResponse,
  ModifyAccountPrivilegesResponse,
  ModifyAccountRemarkResponse,
  ResetAccountPasswordResponse,
  UnlockAccountResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/postgres/v20170312/postgres_models';
import { AppError } from '../../../shared/errors';
import { PRIVILEGE_OBJECTS, type PrivilegeObject } from '../../../shared/model/account';
import {
  checkAccountName,
  checkAccountPassword,
  checkRemark,
  type AccountRuleFailure,
} from '../../../shared/model/account-rules';
import {
  createAccount,
  deleteAccount,
  listAccounts,
  resetPassword,
  setLocked,
  setRemark,
  type Account,
} from '../accounts/accounts';
import { changePrivileges, describePrivileges, type PrivilegeChange } from '../accounts/privileges';
import { action, type ActionTable } from './action';
import { apiTime, direction, sorted } from './common';
import { ApiError } from './errors';

const NAME_RULE = 'InvalidParameterValue.InvalidAccountNameFormatError';
const PASSWORD_RULE = 'InvalidParameterValue.InvalidPasswordValueError';
const INVALID = 'InvalidParameterValue';

/** Codes and words of broken rules. Source: the error codes of postgres 2017-03-12. */
const RULES: Readonly<
  Record<AccountRuleFailure['rule'], (values: AccountRuleFailure['values'], parameter: string) => [string, string]>
> = {
  'name-missing': (_, parameter) => [NAME_RULE, `${parameter} is empty`],
  'name-too-long': ({ max }, parameter) => [NAME_RULE, `${parameter} has more than ${max} characters`],
  'name-characters': ({ found }, parameter) => [
    NAME_RULE,
    `${parameter} may hold only letters, digits and underscores, not ${JSON.stringify(found)}`,
  ],
  'name-start': (_, parameter) => [NAME_RULE, `${parameter} must start with a letter or an underscore`],
  'name-keyword': ({ found }, parameter) => [NAME_RULE, `${parameter} ${found} is a key word of SQL`],
  'name-reserved': ({ found }, parameter) => [NAME_RULE, `${parameter} ${found} is reserved`],
  'password-length': ({ min, max }) => [
    'InvalidParameterValue.InvalidPasswordLengthError',
    `Password must have ${min} to ${max} characters`,
  ],
  'password-slash': () => [PASSWORD_RULE, 'Password may not start with "/"'],
  'password-characters': () => [PASSWORD_RULE, 'Password holds a character that is not allowed'],
  'password-lower': () => [PASSWORD_RULE, 'Password has no lower-case letter'],
  'password-upper': () => [PASSWORD_RULE, 'Password has no upper-case letter'],
  'password-digit': () => [PASSWORD_RULE, 'Password has no digit'],
  'password-special': () => [PASSWORD_RULE, 'Password has no special character'],
  'remark-too-long': ({ max }) => [
    'InvalidParameterValue.ParameterLengthLimitError',
    `Remark has more than ${max} characters`,
  ],
  'remark-characters': ({ found }) => [
    'InvalidParameterValue.ParameterCharacterError',
    `Remark may hold only letters, Chinese characters, digits, underscores and hyphens, not ${JSON.stringify(found)}`,
  ],
};

/** Fails with the documented code of a broken rule of names, passwords and remarks. */
export function mustKeep(broken: AccountRuleFailure | null, parameter: string, nameCode = NAME_RULE): void {
  if (!broken) return;
  const [code, message] = RULES[broken.rule](broken.values, parameter);
  throw new ApiError(code === NAME_RULE ? nameCode : code, message);
}

/** What the server itself refused, in its own words, under the documented code of a failed statement. */
export async function inServersWords<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'sql') throw error;
    const { message, detail, hint } = error.info;
    const text = [message, detail, hint].filter((part) => part !== undefined && part !== '').join('. ');
    throw new ApiError('FailedOperation.DBError', text);
  }
}

/** Reads a word in any case of letters, or fails. */
export const oneOf = <const Words extends readonly string[]>(words: Words) =>
  z.preprocess(
    (value) => words.find((word) => typeof value === 'string' && word.toLowerCase() === value.toLowerCase()) ?? value,
    z.enum(words),
  );

const DBInstanceId = z.string();
const UserName = z.string().min(1);
const account = z.strictObject({ DBInstanceId, UserName });

const databaseObject = z.strictObject({
  ObjectType: z.enum(PRIVILEGE_OBJECTS),
  ObjectName: z.string().min(1),
  DatabaseName: z.string().default(''),
  SchemaName: z.string().default(''),
  TableName: z.string().default(''),
});
type DatabaseObject = z.output<typeof databaseObject>;

/** An object with everything that its kind needs to be found. */
function privilegeObject(object: DatabaseObject): PrivilegeObject {
  const { ObjectType: type, ObjectName: name, DatabaseName: database, SchemaName: schema, TableName: table } = object;
  const need = (parameter: string, value: string): void => {
    if (value === '') throw new ApiError('MissingParameter', `A ${type} needs ${parameter}`);
  };
  if (type !== 'account' && type !== 'database') need('DatabaseName', database);
  if (type !== 'account' && type !== 'database' && type !== 'schema') need('SchemaName', schema);
  if (type === 'column') need('TableName', table);
  return { type, name, database, schema, table };
}

const modifyPrivilege = z.strictObject({
  DatabasePrivilege: z.strictObject({
    Object: databaseObject,
    PrivilegeSet: z.array(z.string()).min(1).max(50),
  }),
  ModifyType: oneOf(['grantObject', 'revokeObject', 'alterRole', 'grantRole', 'revokeRole']),
  IsCascade: z.boolean().default(false),
});

function privilegeChange(change: z.output<typeof modifyPrivilege>, name: string): PrivilegeChange {
  const { Object: object, PrivilegeSet } = change.DatabasePrivilege;
  if (change.ModifyType === 'grantObject' || change.ModifyType === 'revokeObject') {
    return {
      kind: change.ModifyType === 'grantObject' ? 'grant' : 'revoke',
      object: privilegeObject(object),
      privileges: PrivilegeSet,
      cascade: change.IsCascade,
    };
  }
  if (object.ObjectType !== 'account' || object.ObjectName !== name) {
    throw new ApiError(INVALID, `${change.ModifyType} speaks of the account ${name} itself`);
  }
  if (change.ModifyType !== 'alterRole') {
    return { kind: change.ModifyType === 'grantRole' ? 'join' : 'leave', groups: PrivilegeSet };
  }
  const [type] = PrivilegeSet;
  if (PrivilegeSet.length !== 1 || (type !== 'normal' && type !== 'tencentDBSuper')) {
    throw new ApiError(INVALID, 'The type of an account is normal or tencentDBSuper');
  }
  return { kind: 'type', type: type === 'normal' ? 'normal' : 'super' };
}

const accountInfo = (id: string, { name, type, locked, note, roles }: Account): AccountInfo => ({
  DBInstanceId: id,
  UserName: name,
  Remark: note.remark,
  Status: locked ? 5 : 2,
  // Made in SQL: the row of zeros.
  CreateTime: apiTime(note.createdAt || null),
  UpdateTime: apiTime(note.updatedAt || null),
  PasswordUpdateTime: apiTime(note.passwordUpdatedAt || null),
  UserType: type === 'super' ? 'tencentDBSuper' : 'normal',
  OpenCam: false,
  PGRoles: [...roles],
});

const SORT_KEYS: Readonly<Record<'createTime' | 'name' | 'updateTime', (each: Account) => string | number>> = {
  createTime: ({ note }) => note.createdAt,
  name: ({ name }) => name,
  updateTime: ({ note }) => note.updatedAt,
};

/** Accounts of an instance and what they may do. */
export const ACCOUNT_ACTIONS: ActionTable = {
  DescribeAccounts: action(
    z.strictObject({
      DBInstanceId,
      Limit: z.number().int().min(1).max(100).default(20),
      Offset: z.number().int().min(0).default(0),
      OrderBy: oneOf(['createTime', 'name', 'updateTime']).default('createTime'),
      OrderByType: direction.default('desc'),
    }),
    async (request, { deps }): Promise<DescribeAccountsResponse> => {
      const found = await inServersWords(listAccounts(deps.instances, request.DBInstanceId));
      // Those that are equal stay in the order of their names, so that pages fit together.
      const byName = sorted(found, SORT_KEYS.name, 'asc');
      const page = sorted(byName, SORT_KEYS[request.OrderBy], request.OrderByType).slice(
        request.Offset,
        request.Offset + request.Limit,
      );
      return { TotalCount: found.length, Details: page.map((each) => accountInfo(request.DBInstanceId, each)) };
    },
  ),

  CreateAccount: action(
    z.strictObject({
      DBInstanceId,
      UserName: z.string(),
      Type: z.enum(['normal', 'tencentDBSuper']),
      Password: z.string(),
      Remark: z.string().default(''),
      OpenCam: z.boolean().default(false),
    }),
    async (request, { deps }): Promise<CreateAccountResponse> => {
      if (request.OpenCam) throw new ApiError('UnsupportedOperation', 'CAM verification is not available here');
      mustKeep(checkAccountName(request.UserName), 'UserName');
      mustKeep(checkAccountPassword(request.Password), 'Password');
      mustKeep(checkRemark(request.Remark), 'Remark');
      await inServersWords(
        createAccount(deps.instances, request.DBInstanceId, {
          name: request.UserName,
          password: request.Password,
          remark: request.Remark,
          type: request.Type === 'normal' ? 'normal' : 'super',
        }),
      );
      return {};
    },
    true,
  ),

  DeleteAccount: action(
    account,
    async (request, { deps }): Promise<DeleteAccountResponse> => {
      await inServersWords(deleteAccount(deps.instances, request.DBInstanceId, request.UserName));
      return {};
    },
    true,
  ),

  ResetAccountPassword: action(
    z.strictObject({ DBInstanceId, UserName, Password: z.string() }),
    async (request, { deps }): Promise<ResetAccountPasswordResponse> => {
      mustKeep(checkAccountPassword(request.Password), 'Password');
      const { DBInstanceId: id, UserName: name } = request;
      await inServersWords(resetPassword(deps.instances, id, name, request.Password));
      return {};
    },
    true,
  ),

  ModifyAccountRemark: action(
    z.strictObject({ DBInstanceId, UserName, Remark: z.string() }),
    async (request, { deps }): Promise<ModifyAccountRemarkResponse> => {
      mustKeep(checkRemark(request.Remark), 'Remark');
      await inServersWords(setRemark(deps.instances, request.DBInstanceId, request.UserName, request.Remark));
      return {};
    },
    true,
  ),

  LockAccount: action(
    account,
    async (request, { deps }): Promise<LockAccountResponse> => {
      await inServersWords(setLocked(deps.instances, request.DBInstanceId, request.UserName, true));
      return {};
    },
    true,
  ),

  UnlockAccount: action(
    account,
    async (request, { deps }): Promise<UnlockAccountResponse> => {
      await inServersWords(setLocked(deps.instances, request.DBInstanceId, request.UserName, false));
      return {};
    },
    true,
  ),

  DescribeAccountPrivileges: action(
    z.strictObject({ DBInstanceId, UserName, DatabaseObjectSet: z.array(databaseObject).min(1).max(50) }),
    async (request, { deps }): Promise<DescribeAccountPrivilegesResponse> => {
      const objects = request.DatabaseObjectSet;
      const { DBInstanceId: id, UserName: name } = request;
      for (const { ObjectType, ObjectName } of objects) {
        if (ObjectType === 'account' && ObjectName !== name)
          throw new ApiError(INVALID, `The account ${ObjectName} is not ${name}`);
      }
      const found = await inServersWords(describePrivileges(deps.instances, id, name, objects.map(privilegeObject)));
      return {
        PrivilegeSet: objects.map((object, index) => ({ Object: object, PrivilegeSet: found[index] ?? [] })),
      };
    },
  ),

  ModifyAccountPrivileges: action(
    z.strictObject({ DBInstanceId, UserName, ModifyPrivilegeSet: z.array(modifyPrivilege).min(1).max(50) }),
    async (request, { deps }): Promise<ModifyAccountPrivilegesResponse> => {
      const { DBInstanceId: id, UserName: name } = request;
      const changes = request.ModifyPrivilegeSet.map((each) => privilegeChange(each, name));
      await inServersWords(changePrivileges(deps.instances, id, name, changes));
      return {};
    },
    true,
  ),
};
