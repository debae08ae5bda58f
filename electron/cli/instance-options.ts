import { parseArgs } from 'node:util';

export const USAGE = `howdah instance create --user NAME [--name TEXT] [--region CODE] [--zone CODE] [--major N] [--class CODE] [--storage GB]
                       [--single|--ha] [--standby-zone CODE] [--sync semi-sync|async] [--charset UTF8|LATIN1] [--count N]
                       [--vpc ID --subnet ID] [--security-group ID]… [--project N] [--tag KEY=VALUE]… [--protect]
                       [--password-file FILE] [--no-wait]
howdah instance list
howdah instance show ID
howdah instance restart|isolate|restore|destroy ID [--no-wait]
howdah instance sessions ID                              who is connected
howdah instance rename ID NAME
howdah instance project ID N
howdah instance tags ID [--tag KEY=VALUE]…              these and no others
howdah instance maintenance ID [--days mon,tue…] [--start HH:MM] [--duration HOURS]   (Beijing time)
howdah instance protect|unprotect ID                     against deletion
howdah instance switch ID [--force] [--no-wait]          primary and standby change places
howdah instance drill ID kill|stop|hang [--no-wait]      takes the primary down for real and reports
howdah instance drill-zone ZONE [--no-wait]               takes all servers of a zone down at once and reports
howdah instance adjust ID [--class CODE] [--storage GB] [--no-wait]
howdah instance deploy ID --zone CODE [--standby-zone CODE|--single] [--no-wait]
howdah instance public ID on|off [--no-wait]
howdah instance ssl ID on|off [--address HOST] [--ca FILE] [--no-wait]
Options of all: --state DIR, --json. The password is read from FILE, from the variable HOWDAH_INSTANCE_PASSWORD, or made and shown once.
--ha puts a standby into another zone of the region; without it an instance has a single server.`;

const OPTIONS = {
  json: { type: 'boolean', default: false },
  state: { type: 'string' },
  user: { type: 'string' },
  name: { type: 'string', default: '' },
  region: { type: 'string' },
  zone: { type: 'string' },
  'standby-zone': { type: 'string' },
  single: { type: 'boolean', default: false },
  ha: { type: 'boolean', default: false },
  sync: { type: 'string', default: 'semi-sync' },
  major: { type: 'string' },
  class: { type: 'string' },
  storage: { type: 'string' },
  charset: { type: 'string', default: 'UTF8' },
  count: { type: 'string', default: '1' },
  vpc: { type: 'string' },
  subnet: { type: 'string' },
  'security-group': { type: 'string', multiple: true, default: [] as string[] },
  project: { type: 'string', default: '0' },
  tag: { type: 'string', multiple: true, default: [] as string[] },
  protect: { type: 'boolean', default: false },
  'password-file': { type: 'string' },
  force: { type: 'boolean', default: false },
  days: { type: 'string' },
  start: { type: 'string' },
  duration: { type: 'string' },
  address: { type: 'string' },
  ca: { type: 'string' },
  'no-wait': { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

export const parseWords = (args: readonly string[]) =>
  parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
export type Values = ReturnType<typeof parseWords>['values'];

/** `--tag KEY=VALUE`, as often as there are tags; the value may be left out. */
export const tagsOf = (values: Values): { key: string; value: string }[] =>
  values.tag.map((tag) => {
    const [key = '', ...value] = tag.split('=');
    return { key, value: value.join('=') };
  });

const NUMBERS = ['major', 'storage', 'count', 'project', 'duration'] as const;
const TEXTS = [
  'state',
  'region',
  'zone',
  'standby-zone',
  'class',
  'vpc',
  'subnet',
  'password-file',
  'days',
  'start',
  'address',
  'ca',
] as const;

/** What is wrong with the words themselves; the rules of the service are its own to tell. Null is nothing. */
export function wrongValue(values: Values): string | null {
  const number = NUMBERS.find((name) => values[name] !== undefined && !/^\d{1,9}$/.test(values[name]));
  if (number !== undefined) return `--${number} is a whole number, not "${values[number] ?? ''}"`;
  const empty = TEXTS.find((name) => values[name] === '');
  if (empty !== undefined) return `--${empty} needs a value`;
  const tag = values.tag.find((each) => !/^[^=]+(?:=|$)/.test(each));
  if (tag !== undefined) return `--tag is KEY=VALUE, not "${tag}"`;
  if (!/^(?:semi-sync|async)$/i.test(values.sync)) return `--sync is semi-sync or async, not "${values.sync}"`;
  if (values.single && (values.ha || values['standby-zone'] !== undefined))
    return '--single is an instance without a standby: leave out --ha and --standby-zone';
  return null;
}
