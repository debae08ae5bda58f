import { z } from 'zod';
import type {
  DescribeDBInstanceAttributeResponse,
  DescribeDBInstancesResponse,
  Filter,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/postgres/v20170312/postgres_models';
import type { InstanceRecord } from '../instances/record';
import { action, type ActionTable } from './action';
import { direction, invalid, mustInstance, one, sorted } from './common';
import { dbInstance } from './instance-view';

/** How each documented filter looks at an instance: one of its values must fit. */
const FILTERS: Readonly<Record<string, (record: InstanceRecord, value: string) => boolean>> = {
  'db-instance-id': ({ id }, value) => id === value,
  'db-instance-name': ({ name }, value) => name.toLowerCase().includes(value.toLowerCase()),
  'db-project-id': ({ projectId }, value) => String(projectId) === value,
  'db-pay-mode': (_, value) => value.toLowerCase() === 'postpaid',
  'db-tag-key': ({ tags }, value) => tags.some(({ key }) => key === value),
  'db-private-ip': ({ networks }, value) => networks.some(({ host }) => host === value),
  'db-public-address': ({ publicAddress }, value) =>
    publicAddress !== null && [publicAddress.host, `${publicAddress.host}:${publicAddress.port}`].includes(value),
  'db-dedicated-cluster-id': () => false,
};

type Test = (record: InstanceRecord) => boolean;

/** One test for each filter; all of them must hold. Fails for a filter that is not documented. */
const testsOf = (filters: readonly Filter[]): Test[] =>
  filters.map(({ Name = '', Values = [] }) => {
    const fits = Object.hasOwn(FILTERS, Name) ? FILTERS[Name] : undefined;
    if (!fits) throw invalid(`The filter ${Name} is not known`);
    return (record) => Values.length === 0 || Values.some((value) => fits(record, value));
  });

const SORT_KEYS: Readonly<Record<string, (record: InstanceRecord) => string | number>> = {
  DBInstanceId: ({ id }) => id,
  CreateTime: ({ createdAt }) => createdAt,
  Name: ({ name }) => name,
  EndTime: () => 0,
};

/** What instances there are. */
export const DESCRIBE_ACTIONS: ActionTable = {
  DescribeDBInstances: action(
    z.strictObject({
      Filters: z
        .array(z.strictObject({ Name: z.string(), Values: z.array(z.string()).max(100) }))
        .max(10)
        .default([]),
      Limit: z.number().int().min(0).max(100).default(10),
      Offset: z.number().int().min(0).default(0),
      OrderBy: z.enum(['DBInstanceId', 'CreateTime', 'Name', 'EndTime']).default('CreateTime'),
      OrderByType: direction.default('asc'),
    }),
    async (request, { deps, region }): Promise<DescribeDBInstancesResponse> => {
      const tests = testsOf(request.Filters);
      const found = deps.instances
        .list()
        .filter((record) => region === '' || record.region === region)
        .filter((record) => tests.every((test) => test(record)));
      const ordered = sorted(found, SORT_KEYS[request.OrderBy] ?? (({ id }) => id), request.OrderByType);
      // 0 asks for the default.
      const page = ordered.slice(request.Offset, request.Offset + (request.Limit || 10));
      return { TotalCount: found.length, DBInstanceSet: page.map(dbInstance) };
    },
  ),

  DescribeDBInstanceAttribute: action(
    one,
    async ({ DBInstanceId }, { deps }): Promise<DescribeDBInstanceAttributeResponse> => ({
      DBInstance: dbInstance(mustInstance(deps, DBInstanceId)),
    }),
  ),
};
