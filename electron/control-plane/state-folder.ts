import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { AppError } from '../../shared/errors';
import { KEY_FILE, keyDocument, type KeyDocument } from '../../shared/model/control-plane';
import { writeFileAtomically } from '../adapters/storage/json-document';
import type { ServerAccount } from './cluster/account';

/** Where everything of one control plane lies. */
export interface StateFolder {
  readonly root: string;
  /** One document per instance. */
  readonly instances: string;
  /** Failure domains: one folder per zone, in it one per instance. */
  readonly zones: string;
  /** Sockets: short paths, because a Unix socket's path may have 107 bytes at most. */
  readonly run: string;
  readonly log: string;
  /** One folder per migration task. */
  readonly migrations: string;
}

const SOCKET_PATH_MAX = 107;
const LONGEST_SOCKET = '/postgres-xxxxxxxx-n999/.s.PGSQL.65535';

/** The server account must be able to walk down to its data folders. */
function checkWay(root: string, account: ServerAccount): void {
  for (let folder = dirname(root); ; folder = dirname(folder)) {
    const { mode, uid } = statSync(folder);
    const open = (mode & 0o001) !== 0 || uid === account.uid;
    if (!open) {
      throw new AppError({
        code: 'denied',
        message: `The servers' account cannot enter ${folder}, which holds the state folder ${root}`,
        hint: `Choose another state folder, or run: chmod o+x ${folder}`,
      });
    }
    if (folder === dirname(folder)) return;
  }
}

/** What a control plane writes into its state folder; a start that was cut off may have left a part of it. */
const OURS =
  /^(?:key-pair\.json|endpoint\.json|daemon\.lock|instances$|zones$|run$|log$|migrations$|authority$|networks\.json|rates\.json|lost\+found$|\.)/;

/** Threat: the folder's rights are changed below, which in a folder of others (`/`, a home) would lock them out. */
function checkOurs(root: string): void {
  const names = existsSync(root) ? readdirSync(root) : [];
  const foreign = names.includes(KEY_FILE) ? undefined : names.find((name) => !OURS.test(name));
  if (foreign === undefined && dirname(root) !== root) return;
  throw new AppError({
    code: 'invalid-input',
    message: `${root} is no state folder of a control plane${foreign === undefined ? '' : `: it holds ${foreign}`}`,
    hint: 'Choose an empty or a new folder with --state or HOWDAH_STATE.',
  });
}

/** Makes the folders with the rights they need. Fails with `denied` or `invalid-input` when servers could not run there. */
export function prepareStateFolder(path: string, account: ServerAccount | null): StateFolder {
  const root = resolve(path);
  const mode = account ? 0o711 : 0o700;
  checkOurs(root);
  mkdirSync(root, { recursive: true, mode });
  if (account) checkWay(root, account);
  const folder: StateFolder = {
    root,
    instances: join(root, 'instances'),
    zones: join(root, 'zones'),
    run: join(root, 'run'),
    log: join(root, 'log'),
    migrations: join(root, 'migrations'),
  };
  if (process.platform !== 'win32' && Buffer.byteLength(folder.run) + LONGEST_SOCKET.length > SOCKET_PATH_MAX) {
    throw new AppError({
      code: 'invalid-input',
      message: `The state folder's path is too long for Unix sockets: ${root}`,
      hint: `Choose one of at most ${SOCKET_PATH_MAX - LONGEST_SOCKET.length - '/run'.length} bytes with --state or HOWDAH_STATE.`,
    });
  }
  for (const [each, rights] of [
    [root, mode],
    [folder.zones, mode],
    [folder.run, mode],
    [folder.instances, 0o700],
    [folder.log, 0o700],
    [folder.migrations, 0o700],
  ] as const) {
    mkdirSync(each, { recursive: true, mode: rights });
    chmodSync(each, rights);
  }
  return folder;
}

function readKeyDocument(file: string): KeyDocument | null {
  try {
    return keyDocument.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

/** The key pair of this control plane, made at the first start; 0600. */
export async function keyPair(folder: StateFolder): Promise<KeyDocument> {
  const file = join(folder.root, KEY_FILE);
  if (existsSync(file)) {
    const found = readKeyDocument(file);
    if (found) return found;
    throw new AppError({
      code: 'storage',
      message: `The key pair ${file} cannot be read`,
      hint: 'Bring it back from a copy: the instances of this state folder cannot be managed without it.',
    });
  }
  const made: KeyDocument = {
    secretId: `HOWDAH${randomBytes(12).toString('hex')}`,
    secretKey: randomBytes(24).toString('base64url'),
    nodeSecret: randomBytes(32).toString('hex'),
  };
  await writeFileAtomically(file, `${JSON.stringify(made, null, 1)}\n`);
  return made;
}
