import type { MigrationSide } from '../../../shared/contract/migration';
import type { MigrationOptions } from '../../../shared/model/migration';
import type { EndpointView, MigrationJobDetail } from '../../../shared/model/migration-api';
import { NEW_SERVER, type ServerView, type SshTunnel, type SslSettings } from '../../../shared/model/server';

/** What the wizard holds of a task until it is saved. Pure: views change it through `Draft → Draft`. */

export const ACCESS_TYPES = ['extranet', 'cvm', 'dcg', 'vpncloud', 'ccn'] as const;
export type AccessType = (typeof ACCESS_TYPES)[number];
export const SIZES = ['small', 'medium', 'large', 'xlarge', '2xlarge'] as const;
export const SIDES = ['source', 'target'] as const;
export type Side = (typeof SIDES)[number];

/** A side with the fields of every way to name it, so that going back and forth between them loses nothing. */
export interface EndpointDraft {
  readonly kind: MigrationSide['kind'];
  readonly serverId: string;
  readonly instanceId: string;
  readonly accessType: AccessType;
  readonly region: string;
  readonly host: string;
  /** NaN while nothing is filled in. */
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** The task has one: an empty field means that one. */
  readonly hasPassword: boolean;
  readonly database: string;
  readonly ssl: SslSettings;
  readonly ssh: SshTunnel;
  readonly sshPassword: string;
  readonly hasSshPassword: boolean;
}

export interface TaskDraft {
  readonly name: string;
  readonly size: string;
  readonly tags: readonly { readonly key: string; readonly value: string }[];
  readonly runMode: 'immediate' | 'timed';
  /** Local date and time as the field has it, e.g. `2026-11-30T02:00`; empty is none. */
  readonly at: string;
  readonly retryMinutes: number;
  readonly source: EndpointDraft;
  readonly target: EndpointDraft;
  readonly options: MigrationOptions;
}

export const NEW_OPTIONS: MigrationOptions = {
  type: 'full',
  objects: { mode: 'all', roleMode: 'all', roles: [], databases: [] },
  copyJobs: 0,
  indexJobs: 0,
  bytesPerSecond: 0,
  splitAbove: 1_073_741_824,
  existingRows: 'refuse',
  keepOwners: true,
  keepPrivileges: true,
  analyze: true,
  tuneTarget: true,
  followDdl: true,
  onDrift: 'halt',
  applyJobs: 1,
  walAlarm: 10_737_418_240,
  walCeiling: 107_374_182_400,
};

export const newEndpoint = (): EndpointDraft => ({
  kind: 'server',
  serverId: '',
  instanceId: '',
  accessType: 'extranet',
  region: '',
  host: '',
  port: 5432,
  user: '',
  password: '',
  hasPassword: false,
  database: 'postgres',
  ssl: NEW_SERVER.ssl,
  ssh: NEW_SERVER.ssh,
  sshPassword: '',
  hasSshPassword: false,
});

export const newDraft = (): TaskDraft => ({
  name: '',
  size: 'medium',
  tags: [],
  runMode: 'immediate',
  at: '',
  retryMinutes: 120,
  source: newEndpoint(),
  target: newEndpoint(),
  options: NEW_OPTIONS,
});

const pad = (value: number): string => String(value).padStart(2, '0');

/** Milliseconds → what a field of date and time holds, in local time. */
export function localTime(at: number): string {
  const day = new Date(at);
  const date = `${day.getFullYear()}-${pad(day.getMonth() + 1)}-${pad(day.getDate())}`;
  return `${date}T${pad(day.getHours())}:${pad(day.getMinutes())}`;
}

/** The registered server that a side of a task was made from; null when none or several fit. */
function registeredAs(view: EndpointView, servers: readonly ServerView[]): ServerView | null {
  const same = servers.filter(({ host, port, user }) => host === view.host && port === view.port && user === view.user);
  return same.length === 1 ? (same[0] ?? null) : null;
}

/** The server registered as production that a side of a task is; null when it is none, as far as its address tells. */
export const productionServer = (view: EndpointView | null, servers: readonly ServerView[]): ServerView | null =>
  servers.find(
    ({ environment, host, port }) => environment === 'production' && host === view?.host && port === view.port,
  ) ?? null;

export function endpointDraft(view: EndpointView | null, servers: readonly ServerView[]): EndpointDraft {
  if (view === null) return newEndpoint();
  const stored = { hasPassword: view.hasPassword, hasSshPassword: view.hasSshPassword };
  const base: EndpointDraft = {
    ...newEndpoint(),
    ...stored,
    region: view.region,
    user: view.user,
    database: view.database,
    ssl: view.ssl,
    ssh: view.ssh ?? NEW_SERVER.ssh,
  };
  if (view.accessType === 'cdb') return { ...base, kind: 'instance', instanceId: view.instanceId };
  const accessType = ACCESS_TYPES.find((each) => each === view.accessType) ?? 'extranet';
  const server = registeredAs(view, servers);
  return {
    ...base,
    kind: server ? 'server' : 'host',
    serverId: server?.id ?? '',
    accessType,
    host: view.host,
    port: view.port,
  };
}

/** A task that has not run yet, to go on with. */
export const draftOf = (job: MigrationJobDetail, servers: readonly ServerView[]): TaskDraft => ({
  name: job.name,
  size: job.size,
  tags: job.tags,
  runMode: job.runMode,
  at: job.scheduledAt === null ? '' : localTime(job.scheduledAt),
  retryMinutes: job.source === null ? newDraft().retryMinutes : job.retryMinutes,
  source: endpointDraft(job.source, servers),
  target: endpointDraft(job.target, servers),
  options: job.options ?? NEW_OPTIONS,
});

const secret = (typed: string, stored: boolean): string | null => (typed === '' && stored ? null : typed);

/** The side as main takes it. Only for one without problems. */
export function sideOf(draft: EndpointDraft): MigrationSide {
  const password = secret(draft.password, draft.hasPassword);
  const { region } = draft;
  switch (draft.kind) {
    case 'server':
      return { kind: 'server', serverId: draft.serverId, database: '' };
    case 'instance':
      return {
        kind: 'instance',
        instanceId: draft.instanceId,
        region,
        user: draft.user.trim(),
        password,
        database: draft.database.trim(),
      };
    case 'host':
      return {
        kind: 'host',
        accessType: draft.accessType,
        region,
        host: draft.host.trim(),
        port: draft.port,
        user: draft.user.trim(),
        password,
        database: draft.database.trim(),
        ssl: draft.ssl,
        ssh: draft.ssh.enabled ? draft.ssh : null,
        sshPassword: draft.ssh.enabled ? secret(draft.sshPassword, draft.hasSshPassword) : '',
      };
  }
}

/** Names of rules in the translations of `wizard.rules`. */
export type Rule =
  | 'required'
  | 'choose'
  | 'port'
  | 'name'
  | 'identifier'
  | 'time'
  | 'tagKey'
  | 'tagTwice'
  | 'nothingChosen'
  | 'nameTwice'
  | 'reserved';

/** Problems by the path of their field, e.g. `source.host`. */
export type Problems = Readonly<Record<string, Rule>>;

const bytes = (text: string): number => new TextEncoder().encode(text).length;

function endpointProblems(side: Side, draft: EndpointDraft): Record<string, Rule> {
  const found: Record<string, Rule> = {};
  const set = (field: string, rule: Rule): void => void (found[`${side}.${field}`] ??= rule);
  const need = (field: 'host' | 'user' | 'database'): void => {
    if (draft[field].trim() === '') set(field, 'required');
    else if (field !== 'host' && bytes(draft[field].trim()) > 63) set(field, 'identifier');
  };
  if (draft.kind === 'server') {
    if (draft.serverId === '') set('serverId', 'choose');
    return found;
  }
  if (draft.kind === 'instance') {
    if (draft.instanceId === '') set('instanceId', 'choose');
  } else {
    need('host');
    if (!Number.isInteger(draft.port) || draft.port < 1 || draft.port > 65_535) set('port', 'port');
    if (draft.ssh.enabled) {
      if (draft.ssh.host.trim() === '') set('ssh.host', 'required');
      if (draft.ssh.user.trim() === '') set('ssh.user', 'required');
      if (!Number.isInteger(draft.ssh.port) || draft.ssh.port < 1 || draft.ssh.port > 65_535) set('ssh.port', 'port');
      if (draft.ssh.auth === 'identity' && draft.ssh.identityFile === '') set('ssh.identityFile', 'required');
    }
  }
  need('user');
  need('database');
  return found;
}

/** What is wrong with the first step. `now`: milliseconds; a time to start at lies after it. */
export function taskProblems(draft: TaskDraft, now: number): Problems {
  const found: Record<string, Rule> = {};
  const name = draft.name.trim();
  if (name === '') found['name'] = 'required';
  else if (name.length > 128) found['name'] = 'name';
  if (draft.runMode === 'timed' && !(Date.parse(draft.at) > now)) found['at'] = 'time';
  const keys = draft.tags.map(({ key }) => key.trim());
  if (keys.some((key) => key === '')) found['tags'] = 'tagKey';
  else if (new Set(keys).size < keys.length) found['tags'] = 'tagTwice';
  return { ...found, ...endpointProblems('source', draft.source), ...endpointProblems('target', draft.target) };
}

/** The problems of one side alone, for its connection test. */
export const sideProblems = (side: Side, draft: EndpointDraft): Problems => endpointProblems(side, draft);

const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '::1']);

function addressOf(draft: EndpointDraft, servers: readonly ServerView[]): string | null {
  const of = (host: string, port: number): string | null => {
    const name = host.trim().toLowerCase();
    return name === '' || Number.isNaN(port) ? null : `${LOOPBACK.has(name) ? 'loopback' : name}:${port}`;
  };
  if (draft.kind === 'instance') return draft.instanceId === '' ? null : `instance ${draft.instanceId}`;
  if (draft.kind === 'host') return draft.ssh.enabled ? null : of(draft.host, draft.port);
  const server = servers.find(({ id }) => id === draft.serverId);
  if (server === undefined) return null;
  return server.ssh.enabled ? `server ${server.id}` : of(server.host, server.port);
}

/** Whether both sides are the same server, as far as their addresses tell. */
export function isSameServer(draft: TaskDraft, servers: readonly ServerView[]): boolean {
  const source = addressOf(draft.source, servers);
  return source !== null && source === addressOf(draft.target, servers);
}

/** A name for a task that has none: by what its sides are called. */
export function suggestName(draft: TaskDraft, servers: readonly ServerView[]): string {
  const nameOf = (side: EndpointDraft): string => {
    if (side.kind === 'instance') return side.instanceId;
    if (side.kind === 'host') return side.host.trim();
    return servers.find(({ id }) => id === side.serverId)?.name ?? '';
  };
  const source = nameOf(draft.source);
  const target = nameOf(draft.target);
  return source === '' || target === '' ? '' : `${source} → ${target}`.slice(0, 128);
}

/** The configuration as main takes it. Only for a draft without problems. */
export const configurationOf = (id: string, draft: TaskDraft) => ({
  id,
  name: draft.name.trim(),
  tags: draft.tags.map(({ key, value }) => ({ key: key.trim(), value: value.trim() })),
  runMode: draft.runMode,
  at: draft.runMode === 'timed' ? Date.parse(draft.at) : null,
  source: sideOf(draft.source),
  target: sideOf(draft.target),
  options: draft.options,
  retryMinutes: draft.retryMinutes,
});
