import { z } from 'zod';
import type {
  CreateDatabaseResponse,
  DeleteDatabaseResponse,
  DescribeDatabaseObjectsResponse,
  DescribeDatabasesResponse,
  ModifyDatabaseOwnerResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/postgres/v20170312/postgres_models';
import { PRIVILEGE_OBJECTS, type PrivilegeObjectType } from '../../../shared/model/account';
import { checkDatabaseName } from '../../../shared/model/account-rules';
import {
  createDatabase,
  deleteDatabase,
  listDatabases,
  readDatabaseFigures,
  setDatabaseOwner,
} from '../accounts/databases';
import { listObjects, refuseSystemSchema, type CatalogKind } from '../accounts/objects';
import { HOME, inDatabase, instanceFor, SERVING } from '../accounts/work';
import { inServersWords, mustKeep } from './account-actions';
import { action, type ActionTable } from './action';
import { ApiError } from './errors';

const DBInstanceId = z.string();
const DatabaseName = z.string().min(1);

const isCatalogKind = (type: PrivilegeObjectType): type is CatalogKind => type !== 'account';
const LISTED = PRIVILEGE_OBJECTS.filter(isCatalogKind);

/** Databases of an instance and what is in them. */
export const DATABASE_ACTIONS: ActionTable = {
  DescribeDatabases: action(
    z.strictObject({
      DBInstanceId,
      Filters: z
        .array(z.strictObject({ Name: z.string(), Values: z.array(z.string()).max(100).default([]) }))
        .max(10)
        .default([]),
      Offset: z.number().int().min(0).default(0),
      Limit: z.number().int().min(0).max(100).default(20),
    }),
    async (request, { deps }): Promise<DescribeDatabasesResponse> => {
      for (const { Name } of request.Filters) {
        if (Name !== 'database-name') throw new ApiError('InvalidParameterValue', `The filter ${Name} is not known`);
      }
      const all = await inServersWords(listDatabases(deps.instances, request.DBInstanceId));
      const found = all.filter(({ name }) =>
        request.Filters.every(
          ({ Values }) =>
            Values.length === 0 || Values.some((value) => name.toLowerCase().includes(value.toLowerCase())),
        ),
      );
      // 0 asks for the default.
      const page = found.slice(request.Offset, request.Offset + (request.Limit || 20));
      return {
        TotalCount: found.length,
        Items: page.map(({ name }) => name),
        Databases: page.map((each) => ({
          DatabaseName: each.name,
          DatabaseOwner: each.owner,
          Encoding: each.encoding,
          Collate: each.collate,
          Ctype: each.ctype,
          AllowConn: each.allow_connections,
          ConnLimit: each.connection_limit,
          Privileges: each.privileges,
        })),
      };
    },
  ),

  CreateDatabase: action(
    z.strictObject({
      DBInstanceId,
      DatabaseName: z.string(),
      DatabaseOwner: z.string().min(1),
      Encoding: z.string().default(''),
      Collate: z.string().default(''),
      Ctype: z.string().default(''),
    }),
    async (request, { deps }): Promise<CreateDatabaseResponse> => {
      const code = 'InvalidParameterValue.InvalidDatabaseNameFormatError';
      mustKeep(checkDatabaseName(request.DatabaseName), 'DatabaseName', code);
      await inServersWords(
        createDatabase(deps.instances, request.DBInstanceId, {
          name: request.DatabaseName,
          owner: request.DatabaseOwner,
          encoding: request.Encoding.toUpperCase(),
          collate: request.Collate,
          ctype: request.Ctype,
        }),
      );
      return {};
    },
    true,
  ),

  ModifyDatabaseOwner: action(
    z.strictObject({ DBInstanceId, DatabaseName, DatabaseOwner: z.string().min(1) }),
    async (request, { deps }): Promise<ModifyDatabaseOwnerResponse> => {
      const { DBInstanceId: id, DatabaseName: name, DatabaseOwner: owner } = request;
      await inServersWords(setDatabaseOwner(deps.instances, id, name, owner));
      return {};
    },
    true,
  ),

  DeleteDatabase: action(
    z.strictObject({ DBInstanceId, DatabaseName }),
    async (request, { deps }): Promise<DeleteDatabaseResponse> => {
      await inServersWords(deleteDatabase(deps.instances, request.DBInstanceId, request.DatabaseName));
      return {};
    },
    true,
  ),

  DescribeDatabaseObjects: action(
    z.strictObject({
      DBInstanceId,
      ObjectType: z.enum(LISTED),
      Limit: z.number().int().min(0).max(100).default(20),
      Offset: z.number().int().min(0).default(0),
      DatabaseName: z.string().default(''),
      SchemaName: z.string().default(''),
      TableName: z.string().default(''),
    }),
    async (request, { deps }): Promise<DescribeDatabaseObjectsResponse> => {
      const { ObjectType: type, DatabaseName: database, SchemaName: schema, TableName: table } = request;
      const need = (parameter: string, value: string): void => {
        if (value === '') throw new ApiError('MissingParameter', `The parameter ${parameter} is missing`);
      };
      if (type !== 'database') need('DatabaseName', database);
      if (type !== 'database' && type !== 'schema') {
        need('SchemaName', schema);
        refuseSystemSchema(schema);
      }
      if (type === 'column') need('TableName', table);
      instanceFor(deps.instances, request.DBInstanceId, SERVING);
      const names = await inServersWords(
        inDatabase(deps.instances, request.DBInstanceId, type === 'database' ? HOME : database, (session) =>
          listObjects(session, type, { schema, table }),
        ),
      );
      return {
        TotalCount: names.length,
        ObjectSet: names.slice(request.Offset, request.Offset + (request.Limit || 20)),
      };
    },
  ),
};

/** What the public API does not tell of databases: part of our own service. */
export const DATABASE_FIGURE_ACTIONS: ActionTable = {
  DescribeDatabaseFigures: action(z.strictObject({ DBInstanceId }), async (request, { deps }) => {
    const figures = await inServersWords(readDatabaseFigures(deps.instances, request.DBInstanceId));
    return {
      DatabaseSet: figures.map(({ name, size, connections }) => ({
        DatabaseName: name,
        Size: size,
        Connections: connections,
      })),
    };
  }),
};
