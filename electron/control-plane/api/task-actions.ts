import { z } from 'zod';
import type {
  DescribeTasksResponse,
  TaskSet,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/postgres/v20170312/postgres_models';
import { stepNames } from '../instances/runner';
import type { InstanceRecord } from '../instances/record';
import { action, type ActionTable } from './action';
import { apiTime, direction, invalid, sorted } from './common';

/** So far back tasks are told when no time is asked for. */
const KEPT_MS = 180 * 24 * 3_600_000;

interface TaskRow {
  readonly record: InstanceRecord;
  readonly taskId: number;
  readonly kind: string;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly status: 'Running' | 'Success' | 'Fail' | 'WaitSwitch';
  readonly step: string;
  readonly message: string;
}

/** What runs, what waits for its time, and what has ended. */
function tasksOf(record: InstanceRecord): TaskRow[] {
  const { operation, waiting, history } = record;
  return [
    ...(operation
      ? [{ ...operation, record, endedAt: null, status: 'Running' as const, message: operation.note }]
      : []),
    ...(waiting
      ? [
          {
            ...waiting,
            record,
            taskId: waiting.taskId ?? 0,
            startedAt: waiting.from,
            endedAt: null,
            status: 'WaitSwitch' as const,
            step: '',
            message: `Waits until ${apiTime(waiting.from)}`,
          },
        ]
      : []),
    ...history.map((done) => ({
      ...done,
      record,
      status: done.ok ? ('Success' as const) : ('Fail' as const),
      step: '',
    })),
  ];
}

/** How much of an operation is done when it is at a step, 0 … 100. */
export function progressOf(kind: string, step: string): number {
  const steps = stepNames(kind);
  return steps.length === 0 ? 0 : Math.floor((Math.max(0, steps.indexOf(step)) * 100) / steps.length);
}

function taskView(task: TaskRow): TaskSet {
  const { waiting } = task.record;
  const waits = task.status === 'WaitSwitch' && waiting !== null;
  return {
    TaskId: task.taskId,
    TaskType: task.kind,
    DBInstanceId: task.record.id,
    StartTime: apiTime(task.startedAt),
    EndTime: apiTime(task.endedAt),
    Status: task.status,
    Progress: task.endedAt === null ? progressOf(task.kind, task.step) : 100,
    TaskDetail: {
      CurrentStep: task.step,
      AllSteps: stepNames(task.kind).join(','),
      Input: '',
      Output: '',
      SwitchTag: waits ? (waiting.tag ?? 2) : 0,
      SwitchTime: waits ? apiTime(waiting.from) : '',
      Message: task.message,
    },
  };
}

const time = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/, 'a time such as 2026-11-01 08:00:00')
  .optional();

/** What happens to the instances, and what happened. */
export const TASK_ACTIONS: ActionTable = {
  DescribeTasks: action(
    z.strictObject({
      TaskId: z.number().int().optional(),
      DBInstanceId: z.string().optional(),
      MinStartTime: time,
      MaxStartTime: time,
      Limit: z.number().int().min(1).max(100).default(20),
      Offset: z.number().int().min(0).default(0),
      OrderBy: z.enum(['StartTime', 'EndTime']).default('StartTime'),
      OrderByType: direction.default('desc'),
    }),
    async (request, { deps, region }): Promise<DescribeTasksResponse> => {
      const from = request.MinStartTime ?? apiTime(Date.now() - KEPT_MS);
      const until = request.MaxStartTime;
      if (until !== undefined && until < from) throw invalid('MaxStartTime is before MinStartTime');
      const found = deps.instances
        .list()
        .filter((record) => region === '' || record.region === region)
        .flatMap(tasksOf)
        .filter((task) => request.TaskId === undefined || task.taskId === request.TaskId)
        .filter((task) => request.DBInstanceId === undefined || task.record.id === request.DBInstanceId)
        .filter((task) => apiTime(task.startedAt) >= from)
        .filter((task) => until === undefined || apiTime(task.startedAt) <= until);
      const key = request.OrderBy === 'StartTime' ? 'startedAt' : 'endedAt';
      const page = sorted(found, (task) => task[key] ?? Infinity, request.OrderByType);
      return {
        TotalCount: found.length,
        TaskSet: page.slice(request.Offset, request.Offset + request.Limit).map(taskView),
      };
    },
  ),
};
