import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { parseArgs } from 'node:util';
import { createInstanceInput } from '../../shared/contract/instances';
import { AppError, errorInfo } from '../../shared/errors';
import { defaultStateFolder } from '../../shared/model/control-plane';
import { checkAdminPassword } from '../../shared/model/instance-rules';
import type { InstanceView } from '../../shared/model/instance';
import { createControlPlane } from '../adapters/control-plane/control-plane';
import { ownProgram } from '../adapters/tools/own-program';
import { startDetached } from '../adapters/tools/start-detached';
import { createInstancesFeature, type InstancesFeature } from '../features/instances/instances-feature';
import type { Logger } from '../log';
import { EXIT, type CommandIo } from './io';

const USAGE = `howdah instance create --user NAME [--name TEXT] [--region CODE] [--zone CODE] [--major N] [--class CODE]
                       [--storage GB] [--charset UTF8|LATIN1] [--count N] [--tag KEY=VALUE]… [--password-file FILE] [--no-wait]
howdah instance list
howdah instance restart|isolate|restore|destroy ID [--no-wait]
Options of all: --state DIR, --json. The password is read from FILE, from the variable HOWDAH_INSTANCE_PASSWORD, or made and shown once.`;

const OPTIONS = {
  json: { type: 'boolean', default: false },
  state: { type: 'string' },
  user: { type: 'string' },
  name: { type: 'string', default: '' },
  region: { type: 'string' },
  zone: { type: 'string' },
  major: { type: 'string' },
  class: { type: 'string' },
  storage: { type: 'string' },
  charset: { type: 'string', default: 'UTF8' },
  count: { type: 'string', default: '1' },
  tag: { type: 'string', multiple: true, default: [] as string[] },
  'password-file': { type: 'string' },
  'no-wait': { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

const parse = (args: readonly string[]) => parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
type Values = ReturnType<typeof parse>['values'];

const QUIET: Logger = { write: () => undefined, bug: () => '' };
const WAIT_MS = 300_000;
const POLL_MS = 250;
const CHANGING: ReadonlySet<string> = new Set([
  'applying',
  'init',
  'initing',
  'restarting',
  'isolating',
  'disisolating',
  'recycling',
]);

/** What is wrong with the words themselves; the rules of the service are its own to tell. Null is nothing. */
function wrongValue(values: Values): string | null {
  const number = (['major', 'storage', 'count'] as const).find(
    (name) => values[name] !== undefined && !/^\d{1,9}$/.test(values[name]),
  );
  if (number !== undefined) return `--${number} is a whole number, not "${values[number] ?? ''}"`;
  const empty = (['state', 'region', 'zone', 'class', 'password-file'] as const).find((name) => values[name] === '');
  if (empty !== undefined) return `--${empty} needs a value`;
  const tag = values.tag.find((each) => !/^[^=]+(?:=|$)/.test(each));
  return tag === undefined ? null : `--tag is KEY=VALUE, not "${tag}"`;
}

function openFeature(values: Values): InstancesFeature {
  const facts = {
    platform: process.platform,
    env: process.env,
    home: homedir(),
    isRoot: process.getuid?.() === 0,
  };
  const program = ownProgram('control-plane.js', import.meta.dirname);
  const controlPlane = createControlPlane({
    state: values.state ?? defaultStateFolder(facts),
    launch: (state) => startDetached({ program, args: ['--state', state], timeoutMs: 30_000 }),
    log: QUIET,
  });
  return createInstancesFeature({
    controlPlane,
    registerServer: async () => {
      throw new AppError({ code: 'unsupported', message: 'The command line keeps no server list' });
    },
    emit: () => undefined,
    log: QUIET,
  });
}

/** A password that the rules accept: 20 characters of all four kinds. */
function makePassword(): string {
  const letters = 'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
  for (;;) {
    const specials = '-_=+.~';
    const characters = Array.from({ length: 20 }, (_, index) =>
      index % 7 === 3 ? specials[randomInt(specials.length)] : letters[randomInt(letters.length)],
    ).join('');
    if (checkAdminPassword(characters) === null) return characters;
  }
}

function readPassword(values: Values): { password: string; made: boolean } {
  const file = values['password-file'];
  if (file !== undefined) {
    try {
      return { password: readFileSync(file, 'utf8').replace(/\r?\n$/, ''), made: false };
    } catch (error) {
      throw new AppError({ code: 'file', message: `The password file ${file} cannot be read: ${String(error)}` });
    }
  }
  const given = process.env['HOWDAH_INSTANCE_PASSWORD'];
  return given === undefined ? { password: makePassword(), made: true } : { password: given, made: false };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Polls until none of the instances changes any more; those that were destroyed are missing in the answer. */
async function settle(feature: InstancesFeature, ids: readonly string[], signal: AbortSignal): Promise<InstanceView[]> {
  for (const deadline = Date.now() + WAIT_MS; ; await pause(POLL_MS)) {
    const found = (await feature.handlers.list({}, { signal })).filter(({ id }) => ids.includes(id));
    if (found.every(({ status }) => !CHANGING.has(status))) return found;
    if (Date.now() > deadline) {
      throw new AppError({
        code: 'control-plane',
        message: 'The operation still runs; look again with: howdah instance list',
      });
    }
  }
}

const line = (each: InstanceView): string =>
  [each.id, each.name, each.status, `PostgreSQL ${each.version}`, `${each.host}:${each.port}`, each.adminUser].join(
    '\t',
  ) + (each.problem === '' ? '' : `\t${each.problem}`);

async function create(feature: InstancesFeature, values: Values, io: CommandIo): Promise<number> {
  const context = { signal: io.signal };
  const options = await feature.handlers.options({}, context);
  const { password, made } = readPassword(values);
  const region = values.region ?? values.zone?.replace(/-\d+$/, '') ?? options.regions[0]?.code ?? '';
  if (!options.regions.some(({ code }) => code === region))
    throw new AppError({ code: 'invalid-input', message: `The region ${region} is not known`, field: 'region' });
  const chosen = options.classes.find(({ code }) => code === values.class) ?? options.classes[0];
  const version = options.versions.find(({ installed }) => installed) ?? options.versions[0];
  const parsed = createInstanceInput.safeParse({
    name: values.name,
    region,
    zone: values.zone ?? options.zones.find((zone) => zone.region === region)?.code ?? '',
    major: Number(values.major ?? version?.major),
    classCode: values.class ?? chosen?.code ?? '',
    storageGb: Number(values.storage ?? chosen?.minStorageGb),
    charset: values.charset,
    adminUser: values.user ?? '',
    adminPassword: password,
    count: Number(values.count),
    tags: values.tag.map((tag) => {
      const [key = '', ...value] = tag.split('=');
      return { key, value: value.join('=') };
    }),
  });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new AppError({
      code: 'invalid-input',
      message: `${issue?.path.join('.') ?? 'The request'}: ${issue?.message ?? 'not valid'}`,
    });
  }
  const input = parsed.data;
  const { ids } = await feature.handlers.create(input, context);
  const found = values['no-wait']
    ? (await feature.handlers.list({}, context)).filter(({ id }) => ids.includes(id))
    : await settle(feature, ids, io.signal);
  if (values.json) io.out(JSON.stringify({ instances: found, ...(made ? { password } : {}) }));
  else {
    for (const each of found) io.out(line(each));
    if (made) io.out(`Password of ${input.adminUser} (shown once): ${password}`);
  }
  return found.every(({ status }) => values['no-wait'] || status === 'running') ? EXIT.ok : EXIT.failed;
}

const DEEDS = ['restart', 'isolate', 'restore', 'destroy'] as const;

async function operate(
  feature: InstancesFeature,
  deed: (typeof DEEDS)[number],
  id: string,
  values: Values,
  io: CommandIo,
): Promise<number> {
  await feature.handlers[deed]({ id }, { signal: io.signal });
  const [after] = values['no-wait'] ? [] : await settle(feature, [id], io.signal);
  if (values.json) io.out(JSON.stringify({ instance: after ?? null }));
  else io.out(after ? line(after) : `${id}\t${values['no-wait'] ? 'accepted' : 'gone'}`);
  return after && after.problem !== '' ? EXIT.failed : EXIT.ok;
}

function explain(error: unknown, json: boolean, io: CommandIo): number {
  const info = errorInfo(error);
  if (json) io.out(JSON.stringify({ error: info }));
  else io.err([`error: ${info.message}`, info.apiCode, info.hint && `hint: ${info.hint}`].filter(Boolean).join('\n'));
  return EXIT.failed;
}

/**
 * `howdah instance …` over the same feature as the window. Exit codes: 0 done, 1 failed (the reason on standard error, or as JSON), 2 not a
 * command.
 */
export async function instanceCommand(args: readonly string[], io: CommandIo): Promise<number> {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    io.err(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    return EXIT.usage;
  }
  const { values, positionals } = parsed;
  const wrong = wrongValue(values);
  if (wrong !== null) {
    io.err(`${wrong}\n${USAGE}`);
    return EXIT.usage;
  }
  const [verb, id, ...rest] = positionals;
  if (values.help) {
    io.out(USAGE);
    return EXIT.ok;
  }
  const deed = DEEDS.find((each) => each === verb);
  const plain = (verb === 'create' || verb === 'list') && id === undefined;
  if (!plain && !(deed && id !== undefined && rest.length === 0)) {
    io.err(USAGE);
    return EXIT.usage;
  }
  const feature = openFeature(values);
  try {
    if (deed && id !== undefined) return await operate(feature, deed, id, values, io);
    if (verb === 'create') return await create(feature, values, io);
    const all = await feature.handlers.list({}, { signal: io.signal });
    if (values.json) io.out(JSON.stringify({ instances: all }));
    else for (const each of all) io.out(line(each));
    return EXIT.ok;
  } catch (error) {
    return explain(error, values.json, io);
  } finally {
    await feature.close();
  }
}
