import { z } from 'zod';
import { CHARSETS } from '../../../shared/model/instance-rules';
import { INSTANCE_STATUSES } from '../../../shared/model/instance';
import { defaultGroup } from '../network/defaults';
import { DEFAULT_HA, DEFAULT_MAINTENANCE } from './defaults';
import { instanceRecord, OPERATION_KINDS, type InstanceRecord } from './record';
import { defaultSubnet, defaultVpc, findRegion, findZone } from './regions';

/** What a document of version 1 held: one node, one address. */
const first = z.object({
  id: z.string(),
  name: z.string(),
  region: z.string(),
  zone: z.string(),
  major: z.number().int(),
  version: z.string(),
  classCode: z.string(),
  storageGb: z.number().int(),
  charset: z.enum(CHARSETS),
  adminUser: z.string(),
  projectId: z.number().int(),
  tags: z.array(z.object({ key: z.string(), value: z.string() })),
  deletionProtection: z.boolean(),
  status: z.enum(INSTANCE_STATUSES),
  problem: z.string(),
  address: z.object({ host: z.string(), port: z.number().int() }).nullable(),
  createdAt: z.number(),
  updatedAt: z.number(),
  isolatedAt: z.number().nullable(),
  operation: z
    .object({
      taskId: z.number().int(),
      kind: z.enum(OPERATION_KINDS),
      step: z.string(),
      note: z.string(),
      startedAt: z.number(),
      adminVerifier: z.string().nullable(),
    })
    .nullable(),
  history: z.array(z.unknown()),
});

/** Makes a record of what version 1 stored: its one node keeps its folder. */
export function fromFirstVersion(data: unknown): InstanceRecord {
  const { address, operation, ...old } = first.parse(data);
  const region = findRegion(old.region);
  const zone = findZone(old.zone);
  return instanceRecord.parse({
    ...old,
    nodes: [
      {
        id: 'n1',
        zone: old.zone,
        folder: `${old.zone}/${old.id}`,
        role: 'primary',
        state: 'ready',
        problem: '',
        createdAt: old.createdAt,
      },
    ],
    nextNode: 2,
    syncMode: 'Semi-sync',
    ha: DEFAULT_HA,
    degradedAt: null,
    networks:
      address && region && zone ? [{ vpcId: defaultVpc(region), subnetId: defaultSubnet(zone), ...address }] : [],
    publicAddress: null,
    securityGroupIds: region ? [defaultGroup(region)] : [],
    ssl: { enabled: false, connectAddress: '' },
    maintenance: DEFAULT_MAINTENANCE,
    waiting: null,
    accounts: {},
    meter: { at: old.createdAt, instanceMs: 0, gbMs: 0 },
    operation: operation && { ...operation, input: { reason: operation.kind === 'recover' ? operation.note : '' } },
    events: [],
  });
}
