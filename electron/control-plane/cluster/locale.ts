import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Charset } from '../../../shared/model/instance-rules';

const run = promisify(execFile);
let hasUtf8: Promise<boolean> | null = null;

/** Whether this machine's C library has C.UTF-8: the embedded servers use the host's locales. */
function machineHasUtf8(): Promise<boolean> {
  return (hasUtf8 ??= run('locale', ['-a']).then(
    ({ stdout }) => /^C\.utf-?8$/im.test(stdout),
    () => false,
  ));
}

/**
 * Arguments of initdb for a character set. LATIN1 fits only C here ("encoding mismatch" with C.UTF-8); UTF8 takes C.UTF-8 where the host
 * has it, else the server's own provider from 17 on, else C. Measured on 10, 13, 15, 17 and 18.
 */
export async function localeArguments(charset: Charset, major: number): Promise<string[]> {
  if (charset === 'LATIN1') return ['-E', 'LATIN1', '--locale=C'];
  if (await machineHasUtf8()) return ['-E', 'UTF8', '--locale=C.UTF-8'];
  if (major >= 17) return ['-E', 'UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  return ['-E', 'UTF8', '--locale=C'];
}
