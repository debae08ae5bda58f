import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { AppError } from '../../../shared/errors';

/** The account that server processes run as. */
export interface ServerAccount {
  readonly uid: number;
  readonly gid: number;
}

const run = promisify(execFile);
const NAME = 'howdah';

async function idOf(name: string): Promise<ServerAccount | null> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return null;
  }
}

/**
 * PostgreSQL refuses to run as root. Run by root, the servers get the system account `howdah`, made when it is missing;
 * run by anybody else they run as that person (null).
 */
export async function serverAccount(): Promise<ServerAccount | null> {
  if (process.platform === 'win32' || process.getuid?.() !== 0) return null;
  const known = await idOf(NAME);
  if (known) return known;
  // Another process may make the account at the same moment: only the look-up afterwards decides.
  await run('useradd', ['--system', '--no-create-home', '--shell', '/usr/sbin/nologin', NAME]).catch(() => undefined);
  const made = await idOf(NAME);
  if (!made) {
    throw new AppError({
      code: 'denied',
      message: 'PostgreSQL does not run as root and the account "howdah" could not be made',
      hint: `Run as root: useradd --system ${NAME}`,
    });
  }
  return made;
}
