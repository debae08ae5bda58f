import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { instanceCommand } from '../../electron/cli/instance';
import { PASSWORD } from '../support/cloud-client';
import { openStateFolder, startControlPlane, stopEverything } from '../support/control-plane';

const view = z.object({
  id: z.string(),
  name: z.string(),
  status: z.string(),
  host: z.string(),
  port: z.number(),
  adminUser: z.string(),
});
let state: string;

beforeAll(async () => {
  state = await openStateFolder();
  await startControlPlane(state);
});
afterAll(() => stopEverything(state));

async function howdah(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await instanceCommand([...args, '--state', state], {
    out: (text) => out.push(text),
    err: (text) => err.push(text),
    signal: new AbortController().signal,
  });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

it('creates, lists, restarts, isolates, restores and destroys an instance', async () => {
  const created = await howdah('create', '--user', 'shop', '--name', 'shop', '--tag', 'team=a=b', '--json');
  const { instances, password } = z
    .object({ instances: z.array(view), password: z.string() })
    .parse(JSON.parse(created.out));
  const [one] = instances;
  expect(created.code).toBe(0);
  expect(one).toMatchObject({ name: 'shop', status: 'running', adminUser: 'shop' });
  const client = new Client({ host: one?.host, port: one?.port, user: 'shop', password, database: 'postgres' });
  await client.connect();
  await client.end();
  const id = one?.id ?? '';
  expect((await howdah('list')).out).toMatch(new RegExp(`^${id}\\tshop\\trunning\\tPostgreSQL 1\\d\\.\\d+\\t127\\.`));
  expect((await howdah('restart', id)).code).toBe(0);
  expect(await howdah('destroy', id)).toMatchObject({
    code: 1,
    err: expect.stringContaining('OperationDenied.InstanceStatusLimitError'),
  });
  expect((await howdah('isolate', id)).out).toContain('isolated');
  expect((await howdah('restore', id)).out).toContain('running');
  expect((await howdah('isolate', id)).code).toBe(0);
  expect(await howdah('destroy', id)).toMatchObject({ code: 0, out: `${id}\tgone` });
  expect(JSON.parse((await howdah('list', '--json')).out)).toEqual({ instances: [] });
});

it('takes the password from a file and never shows it', async () => {
  const file = join(state, 'password');
  await writeFile(file, `${PASSWORD}\n`, { mode: 0o600 });
  const made = await howdah('create', '--user', 'shop', '--password-file', file, '--no-wait');
  expect(made.code).toBe(0);
  expect(made.out).not.toContain(PASSWORD);
  expect(made.out).not.toContain('shown once');
});

it.each([
  [['create', '--user', 'pg_shop'], 1, 'InvalidAccountError'],
  [['create', '--user', 'shop', '--password-file', '/nowhere'], 1, 'cannot be read'],
  [['restart', 'postgres-00000000'], 1, 'InstanceNotFoundError'],
  [['restart'], 2, 'howdah instance create'],
  [['fly'], 2, 'howdah instance create'],
  [['list', '--colour'], 2, 'colour'],
])('refuses %j', async (args, code, words) => {
  expect(await howdah(...args)).toMatchObject({ code, err: expect.stringContaining(words) });
});

it.each([
  ['a number that is none', ['--major', 'abc'], 2, /--major is a whole number, not "abc"/],
  ['a negative size', ['--storage=-1'], 2, /--storage is a whole number/],
  ['an empty folder', ['--state', ''], 2, /--state needs a value/],
  ['a tag without a key', ['--tag', '=v'], 2, /--tag is KEY=VALUE/],
  ['a region that is not there', ['--region', 'mars'], 1, /The region mars is not known/],
  ['a name that is too long', ['--name', 'x'.repeat(300)], 1, /^error: name: /],
])('says in one line what is wrong: %s', async (_what, words, code, told) => {
  const lines: string[] = [];
  const got = await instanceCommand(['create', '--user', 'shop', '--state', state, ...words], {
    out: () => undefined,
    err: (text) => lines.push(text),
    signal: new AbortController().signal,
  });
  expect([got, lines.join('\n')]).toEqual([code, expect.stringMatching(told)]);
  expect(lines.join('\n')).not.toContain('"path"');
});
