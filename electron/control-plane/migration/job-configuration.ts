import { isDeepStrictEqual } from 'node:util';
import { AppError } from '../../../shared/errors';
import { allowedActions, type JobAction, type JobStatus, type ObjectSelection } from '../../../shared/model/migration';
import { TAG_KEY_MAX, TAG_VALUE_MAX, TAGS_MAX } from '../../../shared/model/instance-rules';
import type { Endpoint, EndpointSecrets } from './endpoint';
import type { JobConfiguration, SideInput } from './job-service';
import type { JobRecord } from './record';
import type { JobSecrets } from './seal';

/** Rules of what a task may be told. Each failure is `invalid-input` or `conflict`, in words for people. */

const NAME_MAX = 128;
const RETRY_MAX = 720;

const invalid = (message: string, field: string): AppError => new AppError({ code: 'invalid-input', message, field });

export const conflict = (record: JobRecord, what: string): AppError =>
  new AppError({
    code: 'conflict',
    message: `The task ${record.id} is ${record.isolatedAt === null ? record.status : 'isolated'}: ${what} is not possible now`,
  });

/** Fails with `conflict`. */
export function mustAllow(record: JobRecord, action: JobAction, what: string = action): void {
  if (!allowedActions(record.status, record.isolatedAt !== null).includes(action)) throw conflict(record, what);
}

/** Fails with `conflict`: an isolated task can only be recovered or destroyed. */
export function mustBeThere(record: JobRecord, what: string): void {
  if (record.isolatedAt !== null) throw conflict(record, what);
}

export function checkName(name: string): void {
  const { length } = [...name];
  if (name.trim() === '') throw invalid('The name of the task is empty', 'name');
  if (length > NAME_MAX) throw invalid(`The name of the task has more than ${NAME_MAX} characters`, 'name');
}

export function checkTags(tags: readonly { readonly key: string; readonly value: string }[]): void {
  if (tags.length > TAGS_MAX) throw invalid(`A task has ${TAGS_MAX} tags at most`, 'tags');
  const seen = new Set<string>();
  for (const { key, value } of tags) {
    if (key === '') throw invalid('A tag has no key', 'tags');
    if (key.length > TAG_KEY_MAX || value.length > TAG_VALUE_MAX)
      throw invalid(`The tag ${key.slice(0, 20)}… is too long`, 'tags');
    if (seen.has(key)) throw invalid(`The tag key ${key} is given twice`, 'tags');
    seen.add(key);
  }
}

function checkSelection({ mode, roleMode, roles, databases }: ObjectSelection): void {
  const twice = databases.find(({ name }, at) => databases.findIndex((each) => each.name === name) !== at);
  if (twice) throw invalid(`The database ${twice.name} is chosen twice`, 'options.objects');
  const targets = databases.map(({ name, newName }) => newName || name);
  const clash = targets.find((name, at) => targets.indexOf(name) !== at);
  if (clash !== undefined) throw invalid(`Two databases would become ${clash}`, 'options.objects');
  if (mode === 'all') return;
  const noRoles = roleMode === 'none' || (roleMode === 'partial' && roles.length === 0);
  if (databases.length === 0 && noRoles) throw invalid('Nothing is chosen', 'options.objects');
}

function checkSide({ endpoint }: SideInput, side: 'source' | 'target'): void {
  if (endpoint.accessType === 'cdb') {
    if (endpoint.instanceId === '') throw invalid(`The ${side} names no instance`, `${side}.instanceId`);
    return;
  }
  if (endpoint.host === '') throw invalid(`The ${side} has no host`, `${side}.host`);
  if (endpoint.port === 0) throw invalid(`The ${side} has no port`, `${side}.port`);
}

/** Fails with `invalid-input`. */
export function checkConfiguration(wanted: JobConfiguration, now: number): void {
  if (wanted.name !== undefined) checkName(wanted.name);
  if (wanted.tags) checkTags(wanted.tags);
  checkSide(wanted.source, 'source');
  checkSide(wanted.target, 'target');
  checkSelection(wanted.options.objects);
  if (!(wanted.retryMinutes >= 0 && wanted.retryMinutes <= RETRY_MAX))
    throw invalid(`The time of retries is 0 to ${RETRY_MAX} minutes`, 'retryMinutes');
  if (wanted.runMode !== 'timed') return;
  if (wanted.at === null) throw invalid('A timed task needs its time', 'at');
  if (wanted.at <= now) throw invalid('The time of the task is over', 'at');
}

/** A password that is null keeps the one that is stored. */
export const mergeSecrets = (given: EndpointSecrets, stored: EndpointSecrets): EndpointSecrets => ({
  password: given.password ?? stored.password,
  sshPassword: given.sshPassword ?? stored.sshPassword,
});

/** What a record tells of passwords. */
export const hasPasswords = ({ source, target }: JobSecrets): JobRecord['hasPassword'] => ({
  source: source.password !== null,
  sourceSsh: source.sshPassword !== null,
  target: target.password !== null,
  targetSsh: target.sshPassword !== null,
});

/** Statuses in which a task has begun and may go on, so that it keeps what it does. */
const BEGUN: ReadonlySet<JobStatus> = new Set([
  'running',
  'readyComplete',
  'completing',
  'guarding',
  'manualPaused',
  'failed',
]);
export const hasBegun = (record: JobRecord): boolean =>
  // What a task has left on its source may need another password to be taken away.
  (BEGUN.has(record.status) && record.isolatedAt === null) || record.toClean !== null;

const placeOf = ({ accessType, instanceId, host, port, database }: Endpoint): object => ({
  accessType,
  instanceId,
  host,
  port,
  database,
});

/** Fails with `conflict` when a task that was begun would do something else from now on. */
export function mustStaySame(record: JobRecord, wanted: JobConfiguration): void {
  const same =
    isDeepStrictEqual(record.source && placeOf(record.source), placeOf(wanted.source.endpoint)) &&
    isDeepStrictEqual(record.target && placeOf(record.target), placeOf(wanted.target.endpoint)) &&
    isDeepStrictEqual(record.options?.type, wanted.options.type) &&
    isDeepStrictEqual(record.options?.objects, wanted.options.objects);
  if (same) return;
  throw new AppError({
    code: 'conflict',
    message: `The task ${record.id} has begun: servers, type and objects stay as they are`,
    hint: 'Make a new task for something else.',
  });
}
