import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createInstanceInput, type CreateInstanceInput } from '../../shared/contract/instances';
import { AppError } from '../../shared/errors';
import { checkAdminPassword } from '../../shared/model/instance-rules';
import { SYNC_MODES, type InstanceOptions } from '../../shared/model/instance';
import { LOCAL_PLANE } from '../../shared/model/plane';
import type { InstancesFeature } from '../features/instances/instances-feature';
import { tagsOf, type Values } from './instance-options';
import { instanceLine } from './instance-print';
import { settle } from './instance-wait';
import { EXIT, type CommandIo } from './io';

const plane = LOCAL_PLANE;

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

/** Zones of the servers: the standby's is another one of the region unless it was named. */
function places(values: Values, options: InstanceOptions) {
  const region = values.region ?? values.zone?.replace(/-\d+$/, '') ?? options.regions[0]?.code ?? '';
  if (!options.regions.some(({ code }) => code === region))
    throw new AppError({ code: 'invalid-input', message: `The region ${region} is not known`, field: 'region' });
  const zones = options.zones.filter((zone) => zone.region === region).map(({ code }) => code);
  const zone = values.zone ?? zones[0] ?? '';
  const other = zones.find((each) => each !== zone) ?? zone;
  return { region, zone, standbyZone: values['standby-zone'] ?? (values.ha ? other : null) };
}

function readInput(values: Values, options: InstanceOptions, adminPassword: string): CreateInstanceInput {
  const chosen = options.classes.find(({ code }) => code === values.class) ?? options.classes[0];
  const version = options.versions.find(({ installed }) => installed) ?? options.versions[0];
  const parsed = createInstanceInput.safeParse({
    plane,
    ...places(values, options),
    name: values.name,
    major: Number(values.major ?? version?.major),
    classCode: values.class ?? chosen?.code ?? '',
    storageGb: Number(values.storage ?? chosen?.minStorageGb),
    charset: values.charset,
    adminUser: values.user ?? '',
    adminPassword,
    count: Number(values.count),
    tags: tagsOf(values),
    syncMode: SYNC_MODES.find((mode) => mode.toLowerCase() === values.sync.toLowerCase()),
    vpcId: values.vpc,
    subnetId: values.subnet,
    securityGroupIds: values['security-group'],
    projectId: Number(values.project),
    deletionProtection: values.protect,
  });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AppError({
    code: 'invalid-input',
    message: `${issue?.path.join('.') ?? 'The request'}: ${issue?.message ?? 'not valid'}`,
  });
}

export async function createInstances(feature: InstancesFeature, values: Values, io: CommandIo): Promise<number> {
  const context = { signal: io.signal };
  const options = await feature.handlers.options({ plane }, context);
  const { password, made } = readPassword(values);
  const input = readInput(values, options, password);
  const { ids } = await feature.handlers.create(input, context);
  const found = values['no-wait']
    ? (await feature.handlers.list({ plane }, context)).filter(({ id }) => ids.includes(id))
    : await settle(feature, ids, io.signal);
  if (values.json) io.out(JSON.stringify({ instances: found, ...(made ? { password } : {}) }));
  else {
    for (const each of found) io.out(instanceLine(each));
    if (made) io.out(`Password of ${input.adminUser} (shown once): ${password}`);
  }
  return found.every(({ status }) => values['no-wait'] || status === 'running') ? EXIT.ok : EXIT.failed;
}
