import type { ErrorInfo } from '../../../shared/errors';
import type { ConnectionFields } from '../../../shared/model/connection-keywords';
import { NEW_SERVER, type ServerDefinition, type ServerGroup, type ServerView } from '../../../shared/model/server';

export const SERVER_TABS = ['general', 'connection', 'ssl', 'ssh', 'advanced'] as const;
export type ServerTab = (typeof SERVER_TABS)[number];

/** What the dialog holds. Numbers that are not filled in are NaN, which no rule accepts. */
export interface ServerForm {
  readonly server: ServerDefinition;
  /** Typed password; empty is nothing typed. */
  readonly password: string;
  readonly savePassword: boolean;
  /** The stored one is to be deleted. */
  readonly clearPassword: boolean;
  readonly sshPassword: string;
  readonly saveSshPassword: boolean;
  readonly clearSshPassword: boolean;
  readonly connectNow: boolean;
}

export const newForm = (groupId: string | null): ServerForm => formOf({ ...NEW_SERVER, groupId });

/** The form for a server as it is registered: without the parts of the view that are not its definition. */
export const editForm = (view: ServerView): ServerForm => {
  const { hasPassword: _password, hasSshPassword: _ssh, status: _status, ...server } = view;
  return { ...formOf(server), connectNow: false };
};

const formOf = (server: ServerDefinition): ServerForm => ({
  server,
  password: '',
  savePassword: true,
  clearPassword: false,
  sshPassword: '',
  saveSshPassword: true,
  clearSshPassword: false,
  connectNow: true,
});

export const sameForm = (a: ServerForm, b: ServerForm): boolean => JSON.stringify(a) === JSON.stringify(b);

type Secret = string | null | undefined;
const storedSecret = (typed: string, save: boolean, clear: boolean): Secret => {
  if (typed !== '') return save ? typed : null;
  return clear ? null : undefined;
};
const usedSecret = (typed: string, clear: boolean): Secret => (typed !== '' ? typed : clear ? null : undefined);

/** What *Save* stores: undefined leaves what is stored, null deletes it. */
export const secretsToStore = (form: ServerForm) => ({
  password: storedSecret(form.password, form.savePassword, form.clearPassword),
  sshPassword: storedSecret(form.sshPassword, form.saveSshPassword, form.clearSshPassword),
});

/** What *Test connection* and *Connect now* use. */
export const secretsToUse = (form: ServerForm) => ({
  password: usedSecret(form.password, form.clearPassword),
  sshPassword: usedSecret(form.sshPassword, form.clearSshPassword),
});

const TAB_OF: Readonly<Record<string, ServerTab>> = {
  name: 'general',
  groupId: 'general',
  comment: 'general',
  environment: 'general',
  background: 'general',
  foreground: 'general',
  readOnly: 'general',
  host: 'connection',
  port: 'connection',
  database: 'connection',
  user: 'connection',
  password: 'connection',
  role: 'connection',
  service: 'connection',
  sshPassword: 'ssh',
};

/** The tab on which a field stands, e.g. `ssl.rootCert` on `ssl`. */
export function tabOf(field: string): ServerTab {
  const named = TAB_OF[field];
  if (named) return named;
  if (field.startsWith('ssl.')) return 'ssl';
  return field.startsWith('ssh.') ? 'ssh' : 'advanced';
}

/** The form's field that an error of main names; null when it names none of ours. */
export function formField(error: ErrorInfo): string | null {
  const field = error.field?.replace(/^(server|secrets)\./, '');
  return field === undefined || field === '' ? null : field;
}

/** Takes what a pasted text said into the form; a name is made from the host when there is none yet. */
export function applyConnection(form: ServerForm, fields: ConnectionFields): ServerForm {
  const server = {
    ...form.server,
    ...fields.server,
    ssl: { ...form.server.ssl, ...fields.ssl },
  };
  return {
    ...form,
    server: server.name === '' && fields.server.host ? { ...server, name: fields.server.host } : server,
    ...(fields.password === null ? {} : { password: fields.password, clearPassword: false }),
  };
}

/** Names of the fields that a pasted text filled, as keys of `servers.fields`. */
export const filledFields = (fields: ConnectionFields): string[] => [
  ...Object.keys(fields.server),
  ...Object.keys(fields.ssl).map((key) => `ssl_${key}`),
  ...(fields.password === null ? [] : ['password']),
];

export interface GroupChoice {
  readonly value: string;
  /** The way from the root, e.g. `Shop / Berlin`. */
  readonly label: string;
}

/** The groups that one of them may be put into: not itself, nor what is within it. */
export function groupsOutside(groups: readonly ServerGroup[], id: string): readonly ServerGroup[] {
  const within = (group: ServerGroup): boolean =>
    group.id === id || groups.some((parent) => parent.id === group.parentId && within(parent));
  return groups.filter((group) => !within(group));
}

/** Every group by its path, in the order of the paths; `root` (value empty) is first. */
export function groupChoices(groups: readonly ServerGroup[], root: string): GroupChoice[] {
  const byId = new Map(groups.map((group) => [group.id, group]));
  const pathOf = (group: ServerGroup): string => {
    const parent = group.parentId === null ? undefined : byId.get(group.parentId);
    return parent ? `${pathOf(parent)} / ${group.name}` : group.name;
  };
  const choices = groups.map((group) => ({ value: group.id, label: pathOf(group) }));
  return [{ value: '', label: root }, ...choices.toSorted((a, b) => a.label.localeCompare(b.label))];
}
