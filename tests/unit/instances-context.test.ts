import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { noteEngine } from '../../electron/control-plane/cluster/engine';
import { contextOf } from '../../electron/control-plane/instances/context';
import { openGround, type TestGround } from '../support/ground';
import { aNode, anInstance } from '../support/instance-record';

const NAMES = ['HOME', 'HOWDAH_CACHE', 'npm_config_registry'];
const before = new Map(NAMES.map((name) => [name, process.env[name]]));
const instance = anInstance({ nodes: [aNode('n1'), aNode('n2', { role: 'standby', zone: 'ap-guangzhou-4' })] });

let home: string;
let bin: string;
let ground: TestGround;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'howdah-home-'));
  bin = join(home, 'Applications/Postgres.app/Contents/Versions/17/bin');
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, 'initdb'), '');
  await writeFile(join(bin, 'postgres'), '#!/bin/sh\necho "postgres (PostgreSQL) 17.3"\n');
  await chmod(join(bin, 'postgres'), 0o755);
  process.env['HOME'] = home;
  process.env['HOWDAH_CACHE'] = join(home, 'cache');
  process.env['npm_config_registry'] = 'http://127.0.0.1:9/';
  ground = await openGround([instance]);
});
afterEach(async () => {
  for (const [name, value] of before) {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
  await ground.close();
  await rm(home, { recursive: true, force: true });
});

it('gives each node the binaries that its data was made by, those of the machine where no others can be had', async () => {
  const context = contextOf(ground, instance.id, new AbortController().signal);
  expect(await context.binaries()).toMatchObject({ major: 17 });
  await mkdir(context.node('n2').base, { recursive: true });
  await noteEngine(context.node('n2'), { major: 17, origin: bin });
  expect(await context.binaries('n2')).toEqual({ major: 17, version: '17.3', bin, origin: bin });
  await noteEngine(context.node('n2'), { major: 17, origin: 'embedded' });
  await expect(context.binaries('n2')).rejects.toMatchObject({ info: { code: 'unreachable' } });
});
