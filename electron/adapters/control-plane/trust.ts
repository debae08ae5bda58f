import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { lstat, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../shared/errors';
import {
  ENDPOINT_FILE,
  HOWDAH_API,
  KEY_FILE,
  endpointDocument,
  keyDocument,
  proofText,
  type EndpointDocument,
} from '../../../shared/model/control-plane';
import { proofResponse } from './own-responses';
import { callApi, type ApiAccess } from './signed-call';

/** A daemon that was checked: it runs as us and knows our key. */
export interface TrustedDaemon extends ApiAccess {
  readonly pid: number;
  readonly version: string;
}

const untrusted = (message: string): AppError =>
  new AppError({
    code: 'denied',
    message,
    hint: 'Another user of this machine may be posing as your control plane. Look at the state folder before going on.',
  });

/** Reads a file that only we (or root) may write and only we may read. Null when it does not exist. */
async function readOwn(file: string): Promise<unknown> {
  const facts = await lstat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw new AppError({ code: 'file', message: `${file} cannot be read: ${error.message}` }, { cause: error });
  });
  if (!facts) return null;
  const us = process.getuid?.();
  if (!facts.isFile() || (us !== undefined && facts.uid !== us)) throw untrusted(`${file} does not belong to you`);
  if (us !== undefined && (facts.mode & 0o077) !== 0) throw untrusted(`${file} can be read by others`);
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return null;
  }
}

/** Whether the process of the endpoint runs as us; where the system does not tell, the challenge alone decides. */
async function checkOwner({ pid }: EndpointDocument): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  const facts = await stat(`/proc/${pid}`).catch(() => null);
  if (!facts) return false;
  if (facts.uid !== process.getuid?.()) throw untrusted(`The process ${pid} of the control plane runs as another user`);
  return true;
}

function same(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

/**
 * Finds the daemon of a state folder and checks it before anything is entrusted to it: files and process are ours, and it proves that it
 * knows the secret key over a challenge of ours. Null when none runs. Fails with `denied` when something else is in its place.
 */
export async function findDaemon(state: string, signal?: AbortSignal): Promise<TrustedDaemon | null> {
  const endpoint = endpointDocument.safeParse(await readOwn(join(state, ENDPOINT_FILE)));
  const key = keyDocument.safeParse(await readOwn(join(state, KEY_FILE)));
  if (!endpoint.success || !key.success) return null;
  if (!(await checkOwner(endpoint.data))) return null;
  const access: TrustedDaemon = {
    endpoint: endpoint.data.endpoint,
    secretId: key.data.secretId,
    secretKey: key.data.secretKey,
    pid: endpoint.data.pid,
    version: endpoint.data.version,
  };
  const nonce = randomBytes(24).toString('hex');
  let proof: string;
  try {
    proof = (
      await callApi(access, {
        action: 'ProveIdentity',
        version: HOWDAH_API,
        body: { Nonce: nonce },
        response: proofResponse,
        signal,
      })
    ).Proof;
  } catch (error) {
    // A port that nobody listens on, or that another program got after the daemon was killed.
    if (error instanceof AppError && (error.code === 'unreachable' || error.code === 'control-plane')) return null;
    throw error;
  }
  const expected = createHmac('sha256', access.secretKey).update(proofText(nonce, access.endpoint)).digest('hex');
  if (!same(proof, expected)) throw untrusted(`The control plane at ${access.endpoint} does not know its key`);
  return access;
}
