import { join } from 'node:path';
import { AppError } from '../../../shared/errors';
import { mustFit } from './capacity';
import type { Ground } from './context';
import { findClass, type InstanceClass } from './classes';
import { planDeployment } from './deployment-plan';
import { whyNotPromote } from './ha-rules';
import { primaryOf, standbysOf, type InstanceRecord, type OperationInput, type OperationKind } from './record';
import { findZone } from './regions';
import { mustTakeCopies } from './room';

const GIB = 1024 ** 3;

type Facts = Readonly<Record<string, string>>;

const conflict = (message: string, hint?: string): AppError =>
  new AppError({ code: 'conflict', message, ...(hint ? { hint } : {}) });

/** The standby that may take over now, the best first; with why not, when there is none. */
export function candidate(ground: Ground, record: InstanceRecord, now: number): { id: string } | { why: string } {
  const standbys = standbysOf(record);
  if (standbys.length === 0) return { why: 'it has no standby' };
  const reasons: string[] = [];
  for (const standby of standbys) {
    const why = whyNotPromote(record, standby, ground.lagOf(record.id, standby.id), now);
    if (why === null) return { id: standby.id };
    reasons.push(why);
  }
  return { why: reasons.join('; ') };
}

function forSwitch(ground: Ground, record: InstanceRecord, { force }: OperationInput): Facts {
  const from = primaryOf(record).id;
  const found = candidate(ground, record, Date.now());
  if ('id' in found) return { from, to: found.id };
  const ready = standbysOf(record).find(({ state }) => state === 'ready');
  if (force && ready) return { from, to: ready.id };
  throw conflict(
    `The primary of ${record.id} cannot be switched: ${found.why}`,
    ready ? 'Wait until it has caught up, or force the switch.' : undefined,
  );
}

function forDeployment(ground: Ground, record: InstanceRecord, { zones }: OperationInput): Record<string, string> {
  if (zones.length < 1 || zones.length > 2) throw invalid('An instance has a primary and one standby at most', 'zones');
  for (const zone of zones) {
    if (findZone(zone)?.region !== record.region)
      throw invalid(`There is no zone ${zone} in ${record.region}`, 'zones');
  }
  const { first, to, second, drop } = planDeployment(record, zones);
  if (first === '' && to === '' && drop.length === 0) {
    throw conflict(`The nodes of ${record.id} are in these zones already`);
  }
  const spec = findClass(record.classCode);
  if (spec && zones.length > record.nodes.length) mustCarry(ground, record, spec, zones.length);
  const built = [first, second].filter((zone) => zone !== '');
  mustTakeCopies(
    built.map((zone) => join(ground.place.folder.zones, zone)),
    ground.diskUsed(record.id) ?? 0,
  );
  return {
    first,
    to,
    second,
    drop: drop.join(','),
    before: record.nodes.map(({ id }) => id).join(','),
    from: to === '' ? '' : primaryOf(record).id,
  };
}

/** How the new class comes into force: see `respec.ts`. */
function forRespec(
  ground: Ground,
  record: InstanceRecord,
  { classCode, storageGb }: OperationInput,
): Record<string, string> {
  const spec = findClass(classCode);
  const before = findClass(record.classCode);
  if (!spec) throw invalid(`There is no class ${classCode}`, 'classCode');
  if (storageGb < spec.minStorageGb || storageGb > spec.maxStorageGb) {
    throw invalid(`The disk must have ${spec.minStorageGb} to ${spec.maxStorageGb} GB for this class`, 'storageGb');
  }
  const used = ground.diskUsed(record.id);
  if (storageGb < record.storageGb && used !== null && used > storageGb * GIB) {
    throw invalid(
      `${(used / GIB).toFixed(1)} GB of the disk are used: it cannot be made ${storageGb} GB`,
      'storageGb',
      'Free space first, or choose a larger disk.',
    );
  }
  if (classCode === record.classCode && storageGb === record.storageGb) {
    throw conflict(`The instance ${record.id} has this specification already`);
  }
  const old = { classBefore: record.classCode, storageBefore: String(record.storageGb) };
  if (classCode === record.classCode) return { ...old, way: 'disk' };
  mustCarry(ground, record, spec, record.nodes.length);
  const found = candidate(ground, record, Date.now());
  const grows = before === undefined || spec.maxConnections >= before.maxConnections;
  if ('id' in found && grows) return { ...old, way: 'switch', from: primaryOf(record).id, to: found.id };
  return { ...old, way: 'restart' };
}

const invalid = (message: string, field: string, hint?: string): AppError =>
  new AppError({ code: 'invalid-input', message, field, ...(hint ? { hint } : {}) });

const mustCarry = (ground: Ground, record: InstanceRecord, spec: InstanceClass, servers: number): void =>
  mustFit(ground.machine(), ground.repository.all(), record.id, spec, servers);

/** What an operation must know from its beginning, or why it cannot begin: nothing has been touched yet. The use of the disk has been measured. */
export function preconditions(
  ground: Ground,
  record: InstanceRecord,
  kind: OperationKind,
  input: OperationInput,
): Record<string, string> {
  switch (kind) {
    case 'switch':
      return { ...forSwitch(ground, record, input) };
    case 'failover': {
      const found = candidate(ground, record, Date.now());
      if ('why' in found) throw conflict(`No standby of ${record.id} may take over: ${found.why}`);
      return { from: primaryOf(record).id, to: found.id };
    }
    case 'deployment':
      return forDeployment(ground, record, input);
    case 'respec':
      return forRespec(ground, record, input);
    case 'ssl':
      return { connectAddress: record.ssl.enabled ? record.ssl.connectAddress : '' };
    default:
      return {};
  }
}
