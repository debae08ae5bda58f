import type { ConnectionProfile } from '../../../../ports';
import { settingsOf } from '../../worker/session-settings';

/** Taken from the settings of our other sessions; the rest is set otherwise here, or means nothing to a walsender. */
const LEFT_OUT = new Set(['client_encoding', 'lock_timeout', 'row_security', 'client_connection_check_interval']);

/** In the options of a start packet spaces divide, and a backslash takes their meaning away. */
const escaped = (value: string): string => value.replaceAll(/[\\\s]/g, String.raw`\$&`);

/**
 * Start options of a walsender: values of rows come in the same form as those that the copy reads. A walsender is told at its start only, and
 * the making of a slot waits as long as the transactions that run: no time limit ends it. `versionNum` as of `server_version_num`.
 */
export function walsenderOptions(versionNum: number): string {
  const settings = settingsOf({ role: 'source', versionNum, purpose: 'plain', indexJobs: 1, encoding: 'UTF8' });
  return [
    ...settings.filter(({ name }) => !LEFT_OUT.has(name)).map(({ name, value }) => `-c ${name}=${escaped(value)}`),
    '-c lock_timeout=0',
  ].join(' ');
}

/** The profile of a walsender: ours after what the person has chosen, so that ours holds. */
export const walsenderProfile = (profile: ConnectionProfile, versionNum: number): ConnectionProfile => ({
  ...profile,
  options: `${profile.options.trim()} ${walsenderOptions(versionNum)}`.trim(),
  statementTimeout: 0,
  readOnly: false,
  role: '',
});
