import type { Handlers } from '../../../shared/contract/define';
import type { Contract } from '../../../shared/contract/index';
import { AppError } from '../../../shared/errors';
import type { AccountView, DatabaseView, PrivilegeObject } from '../../../shared/model/account';
import type { CallPlane, Plane } from '../../adapters/control-plane/plane';
import { accountView, databaseView } from './account-views';
import {
  accountsResponse,
  databasesResponse,
  done,
  figuresResponse,
  objectsResponse,
  privilegesResponse,
} from './responses';

export interface AccountsOptions {
  /** Fails with `not-found` for one that is not registered. */
  readonly planeOf: (id: string) => Plane;
}

interface One {
  readonly plane: string;
  readonly id: string;
}

const PAGE = 100;
/** More names than this are no choice any more. */
const OBJECTS_MAX = 5_000;
/** Source: `ModifyAccountPrivileges` of the public API. */
const CHANGES_MAX = 50;

/** The input field that a documented code speaks of. */
const FIELDS: Readonly<Record<string, string>> = {
  'InvalidParameterValue.AccountExist': 'name',
  'InvalidParameterValue.InvalidAccountNameFormatError': 'name',
  'InvalidParameterValue.InvalidDatabaseNameFormatError': 'name',
  'InvalidParameterValue.InvalidPasswordLengthError': 'password',
  'InvalidParameterValue.InvalidPasswordValueError': 'password',
  'InvalidParameterValue.ParameterLengthLimitError': 'remark',
  'InvalidParameterValue.ParameterCharacterError': 'remark',
  'InvalidParameterValue.CharsetNotFoundError': 'encoding',
  'InvalidParameterValue.AccountNotExistError': 'owner',
};

/** An error of these actions, with the field of this feature's own forms. */
function inOurWords(error: unknown): unknown {
  if (!(error instanceof AppError) || error.info.apiCode === undefined) return error;
  const { field: _, ...info } = error.info;
  const field = FIELDS[error.info.apiCode];
  return new AppError({ ...info, ...(field === undefined ? {} : { field }) }, { cause: error });
}

/** Accounts, privileges and databases of an instance of any control plane. */
export function createAccountsFeature({ planeOf }: AccountsOptions): Handlers<Contract['accounts']> {
  const on = ({ plane, id }: One, signal: AbortSignal) => {
    const target = planeOf(plane);
    const ask: CallPlane = (wanted) =>
      target.call({ ...wanted, body: { DBInstanceId: id, ...wanted.body }, signal }).catch((error: unknown) => {
        throw inOurWords(error);
      });
    return {
      ask,
      change: async (action: string, body: object): Promise<void> => void (await ask({ action, body, response: done })),
      figures: target.callOwn,
    };
  };

  /** All pages of a list. */
  const pages = async <Row>(
    read: (limits: { readonly Limit: number; readonly Offset: number }) => Promise<{ total: number; rows: Row[] }>,
    max = Number.POSITIVE_INFINITY,
  ): Promise<Row[]> => {
    const found: Row[] = [];
    for (let total = 1; found.length < Math.min(total, max);) {
      const page = await read({ Limit: PAGE, Offset: found.length });
      if (page.rows.length === 0) break;
      found.push(...page.rows);
      ({ total } = page);
    }
    return found;
  };

  const list = (one: One, signal: AbortSignal): Promise<AccountView[]> =>
    pages(async (limits) => {
      const body = { ...limits, OrderBy: 'name', OrderByType: 'asc' };
      const page = await on(one, signal).ask({ action: 'DescribeAccounts', body, response: accountsResponse });
      return { total: page.TotalCount, rows: (page.Details ?? []).map(accountView) };
    });

  const databases = async (one: One, signal: AbortSignal): Promise<DatabaseView[]> => {
    const { ask, figures } = on(one, signal);
    const [found, known] = await Promise.all([
      pages(async (limits) => {
        const page = await ask({ action: 'DescribeDatabases', body: limits, response: databasesResponse });
        return { total: page.TotalCount, rows: page.Databases ?? [] };
      }),
      figures?.({
        action: 'DescribeDatabaseFigures',
        body: { DBInstanceId: one.id },
        response: figuresResponse,
        signal,
      }),
    ]);
    return found.map((each) =>
      databaseView(
        each,
        known?.DatabaseSet.find(({ DatabaseName }) => DatabaseName === each.DatabaseName),
      ),
    );
  };

  const objectOf = (object: PrivilegeObject): object => ({
    ObjectType: object.type,
    ObjectName: object.name,
    DatabaseName: object.database,
    SchemaName: object.schema,
    TableName: object.table,
  });

  return {
    list: (input, { signal }) => list(input, signal),
    create: ({ name, password, remark, type, ...one }, { signal }) =>
      on(one, signal).change('CreateAccount', {
        UserName: name,
        Password: password,
        Remark: remark,
        Type: type === 'super' ? 'tencentDBSuper' : 'normal',
      }),
    remove: ({ name, ...one }, { signal }) => on(one, signal).change('DeleteAccount', { UserName: name }),
    resetPassword: ({ name, password, ...one }, { signal }) =>
      on(one, signal).change('ResetAccountPassword', { UserName: name, Password: password }),
    setRemark: ({ name, remark, ...one }, { signal }) =>
      on(one, signal).change('ModifyAccountRemark', { UserName: name, Remark: remark }),
    lock: ({ name, ...one }, { signal }) => on(one, signal).change('LockAccount', { UserName: name }),
    unlock: ({ name, ...one }, { signal }) => on(one, signal).change('UnlockAccount', { UserName: name }),

    async privileges({ name, objects, ...one }, { signal }) {
      const body = { UserName: name, DatabaseObjectSet: objects.map(objectOf) };
      const response = privilegesResponse;
      const found = await on(one, signal).ask({ action: 'DescribeAccountPrivileges', body, response });
      return objects.map((object, index) => ({
        object,
        privileges: found.PrivilegeSet?.[index]?.PrivilegeSet ?? [],
      }));
    },

    async setPrivileges({ name, type, changes, ...one }, { signal }) {
      const account = { ObjectType: 'account', ObjectName: name };
      const set = [
        ...(type === undefined
          ? []
          : [
              {
                DatabasePrivilege: { Object: account, PrivilegeSet: [type === 'super' ? 'tencentDBSuper' : 'normal'] },
                ModifyType: 'alterRole',
              },
            ]),
        ...changes.flatMap(({ object, grant, revoke, cascade }) => [
          ...(revoke.length === 0
            ? []
            : [
                {
                  DatabasePrivilege: { Object: objectOf(object), PrivilegeSet: revoke },
                  ModifyType: 'revokeObject',
                  IsCascade: cascade,
                },
              ]),
          ...(grant.length === 0
            ? []
            : [{ DatabasePrivilege: { Object: objectOf(object), PrivilegeSet: grant }, ModifyType: 'grantObject' }]),
        ]),
      ];
      if (set.length === 0) return;
      if (set.length > CHANGES_MAX) {
        throw new AppError({
          code: 'invalid-input',
          message: `${set.length} changes are more than the ${CHANGES_MAX} that are made at once`,
          hint: 'Make them in several steps.',
        });
      }
      await on(one, signal).change('ModifyAccountPrivileges', { UserName: name, ModifyPrivilegeSet: set });
    },

    databases: (input, { signal }) => databases(input, signal),
    createDatabase: ({ name, owner, encoding, collate, ctype, ...one }, { signal }) =>
      on(one, signal).change('CreateDatabase', {
        DatabaseName: name,
        DatabaseOwner: owner,
        ...(encoding === '' ? {} : { Encoding: encoding }),
        ...(collate === '' ? {} : { Collate: collate }),
        ...(ctype === '' ? {} : { Ctype: ctype }),
      }),
    setDatabaseOwner: ({ name, owner, ...one }, { signal }) =>
      on(one, signal).change('ModifyDatabaseOwner', { DatabaseName: name, DatabaseOwner: owner }),
    dropDatabase: ({ name, ...one }, { signal }) => on(one, signal).change('DeleteDatabase', { DatabaseName: name }),

    objects: ({ type, database, schema, table, ...one }, { signal }) =>
      pages(async (limits) => {
        const where = {
          ...(database === '' ? {} : { DatabaseName: database }),
          ...(schema === '' ? {} : { SchemaName: schema }),
          ...(table === '' ? {} : { TableName: table }),
        };
        const body = { ObjectType: type, ...where, ...limits };
        const page = await on(one, signal).ask({
          action: 'DescribeDatabaseObjects',
          body,
          response: objectsResponse,
        });
        return { total: page.TotalCount, rows: page.ObjectSet ?? [] };
      }, OBJECTS_MAX),
  };
}
