import { hkdfSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../../shared/errors';
import { writeFileAtomically } from '../../adapters/storage/json-document';
import { seal, sealedSchema, unseal } from '../../adapters/storage/key-wrap';
import { endpointSecrets, type EndpointSecrets } from './endpoint';
import { withoutPasswords } from './statement-secrets';

/** Passwords of both sides of one task. */
export interface JobSecrets {
  readonly source: EndpointSecrets;
  readonly target: EndpointSecrets;
}

export const NO_SECRETS: JobSecrets = {
  source: { password: null, sshPassword: null },
  target: { password: null, sshPassword: null },
};

/** The key that passwords of tasks are sealed with: derived from the secret of the control plane, which never leaves the daemon. */
export const secretsKey = (nodeSecret: string): Buffer =>
  Buffer.from(hkdfSync('sha256', nodeSecret, '', 'howdah migration secrets', 32));

const FILE = 'secrets.json';
const VERSION = 1;
const document = z.object({ version: z.literal(VERSION), sealed: sealedSchema });
const content = z.object({ source: endpointSecrets, target: endpointSecrets });

/** A sealed text belongs to its task: it cannot be moved to another one. */
const contextOf = (jobId: string): string => `howdah migration ${jobId}`;

/** The passwords of a task. Fails with `storage` when they are there and cannot be opened. */
export function readSecrets(folder: string, jobId: string, key: Buffer): JobSecrets {
  const file = join(folder, FILE);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return NO_SECRETS;
    throw error;
  }
  try {
    const { sealed } = document.parse(JSON.parse(text));
    return content.parse(JSON.parse(unseal(key, contextOf(jobId), sealed)));
  } catch (error) {
    throw new AppError(
      {
        code: 'storage',
        message: `The passwords of the task ${jobId} cannot be opened`,
        hint: 'Enter them again.',
      },
      { cause: error },
    );
  }
}

/** On disk, sealed, when it resolves. */
export async function writeSecrets(folder: string, jobId: string, key: Buffer, secrets: JobSecrets): Promise<void> {
  const sealed = seal(key, contextOf(jobId), JSON.stringify(secrets));
  await writeFileAtomically(join(folder, FILE), `${JSON.stringify({ version: VERSION, sealed })}\n`);
}

/** Takes passwords out of a text that somebody else wrote, of servers, drivers and workers: those of the task, and those in statements. */
export function withoutSecrets(text: string, { source, target }: JobSecrets): string {
  const known = [source.password, source.sshPassword, target.password, target.sshPassword];
  return known
    .filter((each) => each !== null && each.length >= SHORT)
    .reduce<string>((done, each) => done.replaceAll(each ?? '', '***'), withoutPasswords(text));
}

/** Shorter ones would take ordinary words out of every sentence. */
const SHORT = 4;
