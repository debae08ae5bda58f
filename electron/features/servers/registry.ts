import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { serverInput } from '../../../shared/contract/servers';
import { AppError } from '../../../shared/errors';
import { NEW_SERVER, type ServerDefinition, type ServerGroup } from '../../../shared/model/server';
import { sameName } from '../../../shared/model/server-rules';
import { openJsonDocument } from '../../adapters/storage/json-document';
import type { Logger } from '../../log';

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Fields that a later version added get their defaults. */
const storedServer = z.preprocess(
  (value) =>
    isRecord(value)
      ? {
          ...NEW_SERVER,
          ...value,
          ssl: { ...NEW_SERVER.ssl, ...(isRecord(value['ssl']) ? value['ssl'] : {}) },
          ssh: { ...NEW_SERVER.ssh, ...(isRecord(value['ssh']) ? value['ssh'] : {}) },
        }
      : value,
  serverInput,
);

const storedGroup = z.object({ id: z.string(), name: z.string(), parentId: z.string().nullable() });
const schema = z.object({ groups: z.array(storedGroup), servers: z.array(storedServer) });
type Stored = z.output<typeof schema>;

/** The registered servers and their groups, on disk. Knows no secrets. */
export interface Registry {
  servers(): readonly ServerDefinition[];
  groups(): readonly ServerGroup[];
  find(id: string): ServerDefinition | undefined;
  /** Fails with `not-found`. */
  get(id: string): ServerDefinition;
  /** Fails with `conflict` when another server of the group has the name. */
  checkName(server: ServerDefinition): void;
  /** A name like the given one that is free in the group. */
  freeName(name: string, groupId: string | null): string;
  /** Adds or replaces by id. Fails with `conflict` or `not-found` (group). */
  put(server: ServerDefinition): Promise<ServerDefinition>;
  remove(id: string): Promise<void>;
  putGroup(group: ServerGroup): Promise<ServerGroup>;
  removeGroup(id: string): Promise<void>;
  settled(): Promise<void>;
}

const conflict = (message: string, hint: string, field: string): AppError =>
  new AppError({ code: 'conflict', message, hint, field });

export interface RegistryOptions {
  readonly folder: string;
  readonly log: Logger;
  readonly onBroken?: (kept: string, reason: string) => void;
}

export function openRegistry({ folder, log, onBroken }: RegistryOptions): Registry {
  const document = openJsonDocument<Stored>({
    file: join(folder, 'servers.json'),
    schema,
    version: 1,
    defaults: { groups: [], servers: [] },
    log,
    ...(onBroken ? { onBroken } : {}),
  });
  const servers = () => document.current().servers;
  const groups = () => document.current().groups;

  const namesIn = (groupId: string | null, exceptId: string): string[] =>
    servers()
      .filter((each) => each.groupId === groupId && each.id !== exceptId)
      .map((each) => each.name);

  const checkName = (server: ServerDefinition): void => {
    if (namesIn(server.groupId, server.id).some((name) => sameName(name, server.name)))
      throw conflict(
        `There is a server named ${server.name} in this group`,
        'Choose another name or another group.',
        'server.name',
      );
  };

  const checkGroup = (groupId: string | null, field: string): void => {
    if (groupId !== null && !groups().some((each) => each.id === groupId))
      throw new AppError({ code: 'not-found', message: 'The group does not exist any more', field });
  };

  /** Threat to the tree: a group inside itself would never be shown. */
  const checkNoCycle = (group: ServerGroup): void => {
    for (let parentId = group.parentId; parentId !== null;) {
      if (parentId === group.id)
        throw conflict('A group cannot be inside itself', 'Choose a parent outside this group.', 'parentId');
      parentId = groups().find((each) => each.id === parentId)?.parentId ?? null;
    }
  };

  const find = (id: string): ServerDefinition | undefined => servers().find((each) => each.id === id);

  return {
    servers,
    groups,
    find,
    get(id) {
      const found = find(id);
      if (!found) throw new AppError({ code: 'not-found', message: 'The server is not registered any more' });
      return found;
    },
    checkName,
    freeName(name, groupId) {
      const taken = namesIn(groupId, '');
      let free = name;
      for (let n = 2; taken.some((each) => sameName(each, free)); n++) free = `${name} (${n})`;
      return free;
    },
    async put(server) {
      checkGroup(server.groupId, 'server.groupId');
      checkName(server);
      const stored = {
        ...server,
        id: server.id === '' ? randomUUID() : server.id,
        databaseRestriction: [...server.databaseRestriction],
      };
      await document.update((current) => ({
        ...current,
        servers: [...current.servers.filter((each) => each.id !== stored.id), stored],
      }));
      return stored;
    },
    async remove(id) {
      await document.update((current) => ({
        ...current,
        servers: current.servers.filter((each) => each.id !== id),
      }));
    },
    async putGroup(group) {
      const name = group.name.trim();
      if (name === '') throw new AppError({ code: 'invalid-input', message: 'A group needs a name', field: 'name' });
      if (group.id !== '') checkGroup(group.id, 'id');
      checkGroup(group.parentId, 'parentId');
      checkNoCycle(group);
      const siblings = groups().filter((each) => each.parentId === group.parentId && each.id !== group.id);
      if (siblings.some((each) => sameName(each.name, name)))
        throw conflict(`There is a group named ${name} here`, 'Choose another name.', 'name');
      const stored = { id: group.id === '' ? randomUUID() : group.id, name, parentId: group.parentId };
      await document.update((current) => ({
        ...current,
        groups: [...current.groups.filter((each) => each.id !== stored.id), stored],
      }));
      return stored;
    },
    async removeGroup(id) {
      checkGroup(id, 'id');
      if (servers().some((each) => each.groupId === id) || groups().some((each) => each.parentId === id))
        throw conflict('The group is not empty', 'Move or remove what is in it first.', 'id');
      await document.update((current) => ({ ...current, groups: current.groups.filter((each) => each.id !== id) }));
    },
    settled: () => document.settled(),
  };
}
