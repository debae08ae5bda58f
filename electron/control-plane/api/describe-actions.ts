import { z } from 'zod';
import type {
  DescribeDBInstanceAttributeResponse,
  DescribeDBInstancesResponse,
  DescribeTasksResponse,
  Filter,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/postgres/v20170312/postgres_models';
import type { InstanceRecord } from '../instances/record';
import { stepNames } from '../instances/runner';
import { action, type ActionTable } from './action';
import { ApiError } from './errors';
import { apiTime, dbInstance } from './instance-view';

const direction = z.preprocess(
  (value) => (typeof value === 'string' ? value.toLowerCase() : value),
  z.enum(['asc', 'desc']),
);

/** How each documented filter looks at an instance: one of its values must fit. */
const FILTERS: Readonly<Record<string, (record: InstanceRecord, value: string) => boolean>> = {
  'db-instance-id': ({ id }, value) => id === value,
  'db-instance-name': ({ name }, value) => name.toLowerCase().includes(value.toLowerCase()),
  'db-project-id': ({ projectId }, value) => String(projectId) === value,
  'db-pay-mode': (_, value) => value.toLowerCase() === 'postpaid',
  'db-tag-key': ({ tags }, value) => tags.some(({ key }) => key === value),
  'db-private-ip': ({ address }, value) => address?.host === value,
  'db-public-address': () => false,
  'db-dedicated-cluster-id': () => false,
};

function matches(record: InstanceRecord, filters: readonly Filter[]): boolean {
  return filters.every(({ Name = '', Values = [] }) => {
    const fits = FILTERS[Name];
    if (!fits) throw new ApiError('InvalidParameterValue', `The filter ${Name} is not known`);
    return Values.length === 0 || Values.some((value) => fits(record, value));
  });
}

const SORT_KEYS: Readonly<Record<string, (record: InstanceRecord) => string | number>> = {
  DBInstanceId: ({ id }) => id,
  CreateTime: ({ createdAt }) => createdAt,
  Name: ({ name }) => name,
  EndTime: () => 0,
};

function sorted<T>(rows: readonly T[], key: (row: T) => string | number, order: 'asc' | 'desc'): T[] {
  const sign = order === 'asc' ? 1 : -1;
  return rows.toSorted((a, b) => {
    const [left, right] = [key(a), key(b)];
    return left < right ? -sign : left > right ? sign : 0;
  });
}

interface TaskRow {
  readonly record: InstanceRecord;
  readonly taskId: number;
  readonly kind: InstanceRecord['history'][number]['kind'];
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly step: string;
  readonly ok: boolean;
  readonly message: string;
}

const tasksOf = (record: InstanceRecord): TaskRow[] => [
  ...(record.operation ? [{ ...record.operation, record, endedAt: null, ok: true, message: '' }] : []),
  ...record.history.map((done) => ({ ...done, record, step: '' })),
];

function taskView(task: TaskRow) {
  const steps = stepNames(task.kind);
  const running = task.endedAt === null;
  const done = Math.max(0, steps.indexOf(task.step));
  return {
    TaskId: task.taskId,
    TaskType: task.kind,
    DBInstanceId: task.record.id,
    StartTime: apiTime(task.startedAt),
    EndTime: apiTime(task.endedAt),
    Status: running ? 'Running' : task.ok ? 'Success' : 'Fail',
    Progress: running ? Math.floor((done * 100) / steps.length) : 100,
    TaskDetail: {
      CurrentStep: task.step,
      AllSteps: steps.join(','),
      Input: '',
      Output: '',
      SwitchTag: 0,
      SwitchTime: '',
      Message: task.message,
    },
  };
}

/** What instances there are and what happens to them. */
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
      const found = deps.instances
        .list()
        .filter((record) => region === '' || record.region === region)
        .filter((record) => matches(record, request.Filters));
      const ordered = sorted(found, SORT_KEYS[request.OrderBy] ?? (({ id }) => id), request.OrderByType);
      // 0 asks for the default.
      const page = ordered.slice(request.Offset, request.Offset + (request.Limit || 10));
      return { TotalCount: found.length, DBInstanceSet: page.map(dbInstance) };
    },
  ),

  DescribeDBInstanceAttribute: action(
    z.strictObject({ DBInstanceId: z.string() }),
    async ({ DBInstanceId }, { deps }): Promise<DescribeDBInstanceAttributeResponse> => {
      const record = deps.instances.get(DBInstanceId);
      if (!record) {
        throw new ApiError('ResourceNotFound.InstanceNotFoundError', `There is no instance ${DBInstanceId}`);
      }
      return { DBInstance: dbInstance(record) };
    },
  ),

  DescribeTasks: action(
    z.strictObject({
      TaskId: z.number().int().optional(),
      DBInstanceId: z.string().optional(),
      MinStartTime: z.string().optional(),
      MaxStartTime: z.string().optional(),
      Limit: z.number().int().min(1).max(100).default(20),
      Offset: z.number().int().min(0).default(0),
      OrderBy: z.enum(['StartTime', 'EndTime']).default('StartTime'),
      OrderByType: direction.default('desc'),
    }),
    async (request, { deps }): Promise<DescribeTasksResponse> => {
      const found = deps.instances
        .list()
        .flatMap(tasksOf)
        .filter((task) => request.TaskId === undefined || task.taskId === request.TaskId)
        .filter((task) => request.DBInstanceId === undefined || task.record.id === request.DBInstanceId)
        .filter((task) => apiTime(task.startedAt) >= (request.MinStartTime ?? ''))
        .filter((task) => request.MaxStartTime === undefined || apiTime(task.startedAt) <= request.MaxStartTime);
      const key = request.OrderBy === 'StartTime' ? 'startedAt' : 'endedAt';
      const page = sorted(found, (task) => task[key] ?? Infinity, request.OrderByType);
      return {
        TotalCount: found.length,
        TaskSet: page.slice(request.Offset, request.Offset + request.Limit).map(taskView),
      };
    },
  ),
};
