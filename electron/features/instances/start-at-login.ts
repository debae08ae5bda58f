import { existsSync } from 'node:fs';
import { lstat, mkdir, readFile, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../../../shared/errors';
import { writeFileAtomically } from '../../adapters/storage/json-document';
import { loginItem, type LoginFacts, type LoginItem } from './login-item';

/** Whether the local control plane starts when the person logs in. */
export interface StartAtLogin {
  state(): Promise<{ readonly enabled: boolean; readonly available: boolean }>;
  /** Fails with `unsupported` where the system has no way, `file` when its folder can't be written. */
  set(enabled: boolean): Promise<void>;
}

export type StartAtLoginFacts = Omit<LoginFacts, 'systemd'>;

/** Whether a service manager of the person runs: its folder exists while it does. */
const hasSystemd = ({ platform, env }: StartAtLoginFacts): boolean =>
  platform === 'linux' &&
  env['XDG_RUNTIME_DIR'] !== undefined &&
  existsSync(join(env['XDG_RUNTIME_DIR'], 'systemd', 'private'));

const exists = async (path: string): Promise<boolean> => (await lstat(path).catch(() => null)) !== null;

async function install(item: LoginItem): Promise<void> {
  await writeFileAtomically(item.file, item.text);
  if (!item.link) return;
  await mkdir(dirname(item.link.path), { recursive: true, mode: 0o700 });
  await rm(item.link.path, { force: true });
  await symlink(item.link.target, item.link.path);
}

async function remove(item: LoginItem): Promise<void> {
  // The link first: a link to nothing is a complaint at every login.
  if (item.link) await rm(item.link.path, { force: true });
  await rm(item.file, { force: true });
}

export function createStartAtLogin(facts: StartAtLoginFacts): StartAtLogin {
  const way = (): LoginItem | null => loginItem({ ...facts, systemd: hasSystemd(facts) });
  /** All ways that this system may have used: the session of today need not be that of yesterday. */
  const ways = (): LoginItem[] =>
    [loginItem({ ...facts, systemd: true }), loginItem({ ...facts, systemd: false })].filter((item) => item !== null);

  return {
    async state() {
      const item = way();
      if (!item) return { enabled: false, available: false };
      const enabled = (await exists(item.file)) && (!item.link || (await exists(item.link.path)));
      // The program may have moved with an update; the entry follows.
      if (enabled && (await readFile(item.file, 'utf8').catch(() => item.text)) !== item.text) {
        await install(item).catch(() => undefined);
      }
      return { enabled, available: true };
    },

    async set(enabled) {
      const item = way();
      if (!item) {
        throw new AppError({
          code: 'unsupported',
          message: 'The control plane cannot be started at login here',
          hint: 'Start it from a service of the system: control-plane.js --state FOLDER.',
        });
      }
      try {
        for (const each of ways()) if (!enabled || each.file !== item.file) await remove(each);
        if (enabled) await install(item);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new AppError({ code: 'file', message: `${item.file} could not be changed: ${reason}` }, { cause: error });
      }
    },
  };
}
