import type {
  DrillView,
  InstanceEventView,
  InstanceSession,
  InstanceTask,
  InstanceView,
} from '../../../shared/model/instance';
import {
  drillsResponse,
  eventsResponse,
  notesResponse,
  sessionsResponse,
  type InstanceNoteResponse,
} from '../../adapters/control-plane/own-responses';
import type { Plane } from '../../adapters/control-plane/plane';
import { instancesResponse, tasksResponse, type DbInstanceResponse } from '../../adapters/control-plane/responses';
import { instanceView, timeOf, timeOrNull } from './instance-view';
import { isStill } from './watch';

const PAGE = 100;

async function readInstances(plane: Plane, signal: AbortSignal): Promise<DbInstanceResponse[]> {
  const found: DbInstanceResponse[] = [];
  for (let total = 1; found.length < total;) {
    const body = { Limit: PAGE, Offset: found.length };
    const page = await plane.call({ action: 'DescribeDBInstances', body, response: instancesResponse, signal });
    if (page.DBInstanceSet.length === 0) break;
    found.push(...page.DBInstanceSet);
    total = page.TotalCount;
  }
  return found;
}

/** What the public API has no field for; empty where there is only that. With an id the servers are measured. */
export async function readNotes(
  plane: Plane,
  id: string | null,
  signal: AbortSignal,
): Promise<readonly InstanceNoteResponse[]> {
  if (!plane.callOwn) return [];
  const body = id === null ? {} : { DBInstanceId: id };
  const action = 'DescribeInstanceNotes';
  return (await plane.callOwn({ action, body, response: notesResponse, signal })).InstanceNoteSet;
}

const TASK_STATUS: Readonly<Record<string, InstanceTask['status']>> = {
  Running: 'running',
  Success: 'done',
  Fail: 'failed',
  WaitSwitch: 'waiting',
  Pause: 'waiting',
};

/** An operation, and the instance that it belongs to. `switchAt`: when one that waits will go on, if that is known. */
export interface TaskOfInstance extends InstanceTask {
  readonly instanceId: string;
  readonly switchAt: number | null;
}

/** Newest first; of one instance, or of all. One page: the operations log shows no more. */
export async function readTasks(plane: Plane, id: string | null, signal: AbortSignal): Promise<TaskOfInstance[]> {
  const body = { ...(id === null ? {} : { DBInstanceId: id }), Limit: PAGE };
  const { TaskSet } = await plane.call({ action: 'DescribeTasks', body, response: tasksResponse, signal });
  return (TaskSet ?? []).map((task) => ({
    instanceId: task.DBInstanceId,
    id: task.TaskId,
    kind: task.TaskType,
    status: TASK_STATUS[task.Status] ?? 'running',
    progress: task.Progress ?? 0,
    step: task.TaskDetail?.CurrentStep ?? '',
    steps: (task.TaskDetail?.AllSteps ?? '').split(',').filter((step) => step !== ''),
    message: task.TaskDetail?.Message ?? '',
    startedAt: timeOf(task.StartTime),
    endedAt: timeOrNull(task.EndTime),
    switchAt: timeOrNull(task.TaskDetail?.SwitchTime),
  }));
}

/** All instances of the plane. Where the control plane has no notes, running operations tell the step and how far it is. */
export async function readList(plane: Plane, signal: AbortSignal): Promise<InstanceView[]> {
  const [found, notes] = await Promise.all([readInstances(plane, signal), readNotes(plane, null, signal)]);
  const moving = !plane.callOwn && found.some(({ DBInstanceStatus }) => !isStill(DBInstanceStatus));
  // A key pair that may list instances need not be allowed to list tasks.
  const tasks = moving ? await readTasks(plane, null, signal).catch(() => []) : [];
  const noteOf = new Map(notes.map((note) => [note.DBInstanceId, note]));
  return found.map((each) =>
    instanceView(
      plane.id,
      each,
      noteOf.get(each.DBInstanceId),
      tasks.find(({ instanceId, status }) => instanceId === each.DBInstanceId && status === 'running'),
    ),
  );
}

export async function readEvents(plane: Plane, id: string, signal: AbortSignal): Promise<InstanceEventView[]> {
  if (!plane.callOwn) return [];
  const body = { DBInstanceId: id };
  const { EventSet } = await plane.callOwn({
    action: 'DescribeInstanceEvents',
    body,
    response: eventsResponse,
    signal,
  });
  return EventSet.map(({ At, Level, Kind, Text }) => ({ at: At, level: Level, kind: Kind, text: Text }));
}

export async function readSessions(plane: Plane, id: string, signal: AbortSignal): Promise<InstanceSession[]> {
  if (!plane.callOwn) return [];
  const body = { DBInstanceId: id };
  const { SessionSet } = await plane.callOwn({ action: 'DescribeSessions', body, response: sessionsResponse, signal });
  return SessionSet.map((session) => ({
    client: session.Client,
    since: session.Since,
    bytesIn: session.BytesIn,
    bytesOut: session.BytesOut,
    state: session.State,
    user: session.User,
    database: session.Database,
    application: session.Application,
    tls: session.Tls,
    address: session.Address,
  }));
}

export async function readDrills(plane: Plane, id: string, signal: AbortSignal): Promise<DrillView[]> {
  if (!plane.callOwn) return [];
  const body = { DBInstanceId: id };
  const { DrillSet } = await plane.callOwn({ action: 'DescribeDrills', body, response: drillsResponse, signal });
  return DrillSet.map((drill) => ({
    id: drill.DrillId,
    scenario: drill.Scenario,
    startedAt: drill.StartedAt,
    endedAt: drill.EndedAt,
    detectedMs: drill.DetectedMs,
    promotedMs: drill.PromotedMs,
    servedMs: drill.ServedMs,
    wholeMs: drill.WholeMs,
    acknowledged: drill.Acknowledged,
    lost: drill.Lost,
    problem: drill.Problem,
  }));
}
