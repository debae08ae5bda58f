import { AppError } from '../../../shared/errors';
import type { CreateInstanceInput, SwitchWhen } from '../../../shared/contract/instances';
import type { Drill } from '../../../shared/model/instance';
import { startDrillResponse, startZoneDrillResponse } from '../../adapters/control-plane/own-responses';
import type { CallPlane, Plane } from '../../adapters/control-plane/plane';
import { anyResponse } from '../../adapters/control-plane/responses';
import { readInstance } from './instance-detail';
import { readClasses } from './options';
import { switchTime, tagChanges } from './requests';

/** Changes that take more than one action. */

/** Tags of one request. Source: `ModifyResourceTags` of the tag service. */
const TAGS_AT_ONCE = 10;

const slices = <T>(all: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(all.length / TAGS_AT_ONCE) }, (_, at) =>
    all.slice(at * TAGS_AT_ONCE, (at + 1) * TAGS_AT_ONCE),
  );

/** What only our own service does. */
export function ownCall(plane: Plane, what: string): CallPlane {
  if (plane.callOwn) return plane.callOwn;
  throw new AppError({ code: 'unsupported', message: `${what} is possible on a control plane of your own only` });
}

/** Tags belong to a service of their own, which names a resource by six segments; the account's is left to the key pair. */
export async function setTags(
  plane: Plane,
  id: string,
  tags: CreateInstanceInput['tags'],
  signal: AbortSignal,
): Promise<void> {
  const instance = await readInstance(plane, id, signal);
  const before = (instance.TagList ?? []).map(({ TagKey, TagValue }) => ({ key: TagKey, value: TagValue }));
  const { replace, remove } = tagChanges(before, tags);
  const bodies = [
    ...slices(remove).map((keys) => ({ DeleteTags: keys.map((TagKey) => ({ TagKey })) })),
    ...slices(replace).map((some) => ({
      ReplaceTags: some.map(({ key, value }) => ({ TagKey: key, TagValue: value })),
    })),
  ];
  const Resource = `qcs::postgres:${instance.Region}:uin/:DBInstanceId/${id}`;
  for (const body of bodies) {
    await plane.call({
      service: 'tag',
      action: 'ModifyResourceTags',
      body: { Resource, ...body },
      region: instance.Region,
      response: anyResponse,
      signal,
    });
  }
}

/** The API takes CPU and memory, not the code of a class. */
export async function adjust(
  plane: Plane,
  wanted: { readonly id: string; readonly classCode: string; readonly storageGb: number; readonly when: SwitchWhen },
  signal: AbortSignal,
): Promise<void> {
  const { id, classCode, storageGb, when } = wanted;
  const instance = await readInstance(plane, id, signal);
  const classes = await readClasses(plane, instance.Zone, instance.DBMajorVersion, signal);
  const chosen = classes.find(({ code }) => code === classCode);
  const kept = classCode === '' || classCode === instance.DBInstanceClass;
  if (!chosen && !kept) {
    const message = `The class ${classCode} is not offered in ${instance.Zone}`;
    throw new AppError({ code: 'invalid-input', message, field: 'classCode' });
  }
  await plane.call({
    action: 'ModifyDBInstanceSpec',
    body: {
      DBInstanceId: id,
      Cpu: chosen?.cpu ?? instance.DBInstanceCpu,
      Memory: chosen?.memoryGb ?? instance.DBInstanceMemory,
      Storage: storageGb,
      ...switchTime(when),
    },
    response: anyResponse,
    signal,
  });
}

export async function startDrill(plane: Plane, id: string, scenario: Drill, signal: AbortSignal): Promise<string> {
  const body = { DBInstanceId: id, Scenario: scenario };
  const call = ownCall(plane, 'A drill');
  return (await call({ action: 'StartDrill', body, response: startDrillResponse, signal })).DrillId;
}

export async function startZoneDrill(
  plane: Plane,
  zone: string,
  signal: AbortSignal,
): Promise<{ id: string; drillId: string }[]> {
  const call = ownCall(plane, 'A drill');
  const body = { Zone: zone };
  const { DrillSet } = await call({ action: 'StartZoneDrill', body, response: startZoneDrillResponse, signal });
  return DrillSet.map(({ DBInstanceId, DrillId }) => ({ id: DBInstanceId, drillId: DrillId }));
}
