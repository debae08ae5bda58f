import type { PgSession } from '../../../adapters/postgres/session';
import type { ObjectSelection } from '../../../../shared/model/migration';
import { quoteIdent } from '../../../../shared/model/quote';
import type { Journal } from '../journal';
import { refusal } from '../structure/refusal';
import type { Telling } from '../worker-protocol';
import { readRoles, type SourceRole, type SourceRoles } from './read-roles';
import { createStatement, extraStatements, isCloudRole, lostOption, membershipStatement } from './role-statements';
import { settingStatement } from './setting-statements';

export interface CopyRolesOptions {
  readonly source: PgSession;
  readonly target: PgSession;
  readonly selection: ObjectSelection;
  readonly journal: Journal;
  readonly telling: Telling;
  readonly signal: AbortSignal;
}

/** Roles belong to the server: in journal and report their database is empty. */
const SERVER = '';

type Outcome = 'done' | 'failed' | 'skipped';

/** What the target lets us do, and what it has. */
interface Ground {
  readonly account: string;
  readonly superuser: boolean;
  /** Names of all its roles; grows. */
  readonly has: Set<string>;
}

/**
 * Makes the chosen roles on the target: attributes as far as the account there may give them, passwords as they are stored where they may be
 * read, memberships, settings, comments, rights on parameters. A role that is there already is left alone and told, as are roles of the
 * system and of clouds, and the account that runs this. Database settings of roles come with their database. Journalled; each thing that fails is told.
 */
export async function copyRoles(options: CopyRolesOptions): Promise<void> {
  const { source, target, selection, journal, signal } = options;
  if (selection.roleMode === 'none') return;
  const read = await readRoles(source, signal);
  const ground = await readGround(target, signal);
  const wanted = read.roles.filter(
    ({ name }) => (selection.roleMode === 'all' || selection.roles.includes(name)) && !isCloudRole(name),
  );
  const known = new Map<string, Outcome>();
  for (const entry of journal.entries)
    if (entry.did === 'entry' && entry.database === SERVER) known.set(entry.key, entry.outcome);
  const teller = createTeller(options, known, ground.superuser);

  // Invariant: what was there before is in the journal before the first role is made, so that a role that is there and not in it is ours.
  const there = wanted.filter(({ name }) => ground.has.has(name) && !known.has(roleKey(name)));
  const begun = journal.entries.some((entry) => entry.did === 'step' && entry.step === BEGUN);
  if (!begun) {
    await Promise.all(
      there.map((role) =>
        teller.tell(roleKey(role.name), 'ROLE', role.name, 'skipped', alreadyThere(role.name, ground.account), ''),
      ),
    );
    await journal.add({ did: 'step', database: SERVER, step: BEGUN });
  }
  const ours = wanted.filter(({ name }) => known.get(roleKey(name)) !== 'skipped');
  for (const role of ours) await makeRole(role, ground, read.passwords, teller, options);
  const made = new Set(ours.map(({ name }) => name));
  await grantMemberships(read, made, ground, teller, options);
  await applySettings(read, made, teller, options);
}

const BEGUN = 'roles-begun';
const roleKey = (name: string): string => `ROLE ${name}`;
const alreadyThere = (name: string, account: string): string =>
  name === account
    ? 'It is the account that runs this; it was left as it is'
    : 'The target has a role of this name; it was left as it is';

async function readGround(target: PgSession, signal: AbortSignal): Promise<Ground> {
  const rows = await target.query<{ name: string; superuser: boolean; account: string }>(
    'SELECT rolname AS name, rolsuper AS superuser, current_user AS account FROM pg_catalog.pg_roles',
    [],
    signal,
  );
  const account = rows[0]?.account ?? '';
  return {
    account,
    superuser: rows.some(({ name, superuser }) => name === account && superuser),
    has: new Set(rows.map(({ name }) => name)),
  };
}

interface Teller {
  isDone(key: string): boolean;
  tell(key: string, kind: string, name: string, outcome: Outcome, reason: string, statement: string): Promise<void>;
  /** Runs one statement and tells what became of it; what is done already is left out. Returns whether it is done. */
  run(key: string, kind: string, name: string, sql: string): Promise<boolean>;
}

const DENIED = '42501';

function createTeller(options: CopyRolesOptions, known: Map<string, Outcome>, superuser: boolean): Teller {
  const { target, journal, telling, signal } = options;
  const tell: Teller['tell'] = async (key, kind, name, outcome, reason, statement) => {
    known.set(key, outcome);
    await journal.add({ did: 'entry', database: SERVER, key, outcome, reason });
    telling.object({ database: SERVER, key, kind, schema: '', name, outcome, reason, statement });
  };
  return {
    isDone: (key) => known.get(key) === 'done',
    tell,
    async run(key, kind, name, sql) {
      if (known.get(key) === 'done') return true;
      const error = await refusal(target, sql, signal);
      // A password, even as it is stored, is nothing for a report.
      const shown = error ? sql.replace(/ PASSWORD .*$/s, ' PASSWORD …') : '';
      // What only a superuser may give is no failure of a task that has none: it is told.
      const refusedAs = error?.sqlstate === DENIED && !superuser ? 'skipped' : 'failed';
      await tell(key, kind, name, error ? refusedAs : 'done', error?.message ?? '', shown);
      return !error;
    },
  };
}

async function makeRole(
  role: SourceRole,
  ground: Ground,
  passwords: boolean,
  teller: Teller,
  { telling }: CopyRolesOptions,
): Promise<void> {
  const key = roleKey(role.name);
  if (!ground.has.has(role.name)) {
    if (!(await teller.run(key, 'ROLE', role.name, createStatement(role)))) return;
    ground.has.add(role.name);
  } else if (!teller.isDone(key)) await teller.tell(key, 'ROLE', role.name, 'done', '', '');
  for (const { what, sql } of extraStatements(role))
    await teller.run(`${key} ${what}`, what === 'COMMENT' ? 'COMMENT' : `ROLE ${what}`, role.name, sql);
  if (role.login && !passwords && !teller.isDone(`${key} PASSWORD`))
    await teller.tell(
      `${key} PASSWORD`,
      'ROLE PASSWORD',
      role.name,
      'skipped',
      'Passwords of the source may only be read by a superuser; set one on the target',
      '',
    );
  if (ground.superuser) return;
  // Who may not be somebody cannot give them what they own.
  const self = `GRANT ${quoteIdent(role.name)} TO ${quoteIdent(ground.account)}`;
  if (await teller.run(`${key} SELF`, 'ROLE MEMBERSHIP', `${ground.account} in ${role.name}`, self))
    telling.log('info', `${ground.account} is a member of ${role.name} on the target, to give it what it owns`);
}

async function grantMemberships(
  { memberships, roles }: SourceRoles,
  made: ReadonlySet<string>,
  ground: Ground,
  teller: Teller,
  { target }: CopyRolesOptions,
): Promise<void> {
  const inherits = new Map(roles.map(({ name, inherit }) => [name, inherit]));
  for (const membership of memberships) {
    const { role, member } = membership;
    // Between roles that were there before nothing changes.
    if ((!made.has(role) && !made.has(member)) || member === ground.account || !ground.has.has(member)) continue;
    const key = `ROLE MEMBERSHIP ${JSON.stringify([role, member])}`;
    const name = `${member} in ${role}`;
    if (!ground.has.has(role)) {
      if (!teller.isDone(key))
        await teller.tell(key, 'ROLE MEMBERSHIP', name, 'skipped', `The target has no role ${role}`, '');
      continue;
    }
    await teller.run(key, 'ROLE MEMBERSHIP', name, membershipStatement(membership, target.serverVersionNum));
    const lost = lostOption(membership, inherits.get(member) ?? true, target.serverVersionNum);
    if (lost !== null)
      await teller.tell(
        `${key} options`,
        'ROLE MEMBERSHIP',
        name,
        'skipped',
        `${lost} of a membership exists from PostgreSQL 16 on`,
        '',
      );
  }
}

async function applySettings(
  { settings, parameters }: SourceRoles,
  made: ReadonlySet<string>,
  teller: Teller,
  { target }: CopyRolesOptions,
): Promise<void> {
  for (const { role, setting } of settings) {
    if (role === null || !made.has(role)) continue;
    const name = setting.slice(0, setting.indexOf('='));
    await teller.run(
      `ROLE SETTING ${role} ${name}`,
      'ROLE SETTING',
      role,
      settingStatement(`ROLE ${quoteIdent(role)}`, setting),
    );
  }
  for (const { parameter, grantee, privilege, grantable } of parameters) {
    if (!made.has(grantee)) continue;
    const key = `PARAMETER ${parameter} ${privilege} ${grantee}`;
    const sql = `GRANT ${privilege} ON PARAMETER ${parameter.split('.').map(quoteIdent).join('.')} TO ${quoteIdent(grantee)}${grantable ? ' WITH GRANT OPTION' : ''}`;
    if (target.serverVersionNum >= 150_000) await teller.run(key, 'PARAMETER', parameter, sql);
    else
      await teller.tell(
        key,
        'PARAMETER',
        parameter,
        'skipped',
        'Rights on parameters exist from PostgreSQL 15 on',
        sql,
      );
  }
}
