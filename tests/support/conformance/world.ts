import type {
  DBInstance,
  TaskSet,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/postgres/v20170312/postgres_models';
import type { TestControlPlane } from '../control-plane';
import { ownService, postgresService, tagService, vpcService, type OwnService, type Service } from '../sdk-call';

/** One control plane that all parts of the conformance test work on, one after the other. */
export interface World {
  plane: TestControlPlane;
  postgres: Service;
  vpc: Service;
  tag: Service;
  own: OwnService;
  /** An instance with one node, and one with two. */
  single: string;
  pair: string;
}

export function openWorld(plane: TestControlPlane): World {
  return {
    plane,
    postgres: postgresService(plane),
    vpc: vpcService(plane),
    tag: tagService(plane),
    own: ownService(plane),
    single: '',
    pair: '',
  };
}

export const describeOne = async ({ postgres }: World, id: string): Promise<DBInstance> =>
  (await postgres.answer<{ DBInstance: DBInstance }>('DescribeDBInstanceAttribute', { DBInstanceId: id })).DBInstance;

export const tasksOf = async ({ postgres }: World, id: string): Promise<TaskSet[]> =>
  (await postgres.answer<{ TaskSet: TaskSet[] }>('DescribeTasks', { DBInstanceId: id })).TaskSet;

/** Waits until an instance runs and nothing is done to it any more. */
export async function untilIdle(world: World, id: string): Promise<DBInstance> {
  for (const deadline = Date.now() + 60_000; ; await new Promise((done) => setTimeout(done, 50))) {
    const busy = (await tasksOf(world, id)).filter(({ Status }) => Status === 'Running');
    const found = await describeOne(world, id);
    if (found.DBInstanceStatus === 'running' && busy.length === 0) return found;
    if (Date.now() > deadline) throw new Error(`${id} is ${found.DBInstanceStatus}, ${busy[0]?.TaskType ?? 'idle'}`);
  }
}

/** Asks again and again until the call is answered: for what needs a standby that has caught up. */
export async function untilAnswered(service: Service, action: string, body: object): Promise<void> {
  for (const deadline = Date.now() + 30_000; ; await new Promise((done) => setTimeout(done, 100))) {
    const result = await service.outcome(action, body);
    if (result.ok) return;
    if (Date.now() > deadline) throw new Error(`${action} is refused still: ${result.code}: ${result.message}`);
  }
}
