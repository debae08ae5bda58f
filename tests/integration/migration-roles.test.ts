import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSession } from '../../electron/adapters/postgres/session';
import { openJournal } from '../../electron/control-plane/migration/journal';
import { copyRoles } from '../../electron/control-plane/migration/roles/copy-roles';
import { makeDatabase } from '../../electron/control-plane/migration/roles/make-database';
import type { ObjectSelection } from '../../shared/model/migration';
import { startServer, type TestServer } from '../support/postgres';
import { listening } from '../support/structure';

const signal = new AbortController().signal;
const MAJORS = [10, 13, 16, 18];
const servers = new Map<number, TestServer>();
const server = (major: number): TestServer => {
  const found = servers.get(major);
  if (!found) throw new Error(`no server ${major}`);
  return found;
};
let folder: string;
let files = 0;

const SETUP = `
CREATE ROLE "app Owner" NOLOGIN NOINHERIT CREATEDB;
CREATE ROLE "wri""ter" LOGIN PASSWORD 'se''cret' CONNECTION LIMIT 7 VALID UNTIL '2035-01-02 03:04:05+00';
CREATE ROLE boss SUPERUSER CREATEROLE REPLICATION BYPASSRLS;
CREATE ROLE rds_superuser;
CREATE ROLE conflict LOGIN;
GRANT "app Owner" TO "wri""ter" WITH ADMIN OPTION;
GRANT pg_monitor TO "wri""ter";
GRANT rds_superuser TO boss;
GRANT "app Owner" TO conflict;
COMMENT ON ROLE "wri""ter" IS 'it''s \\ a role';
ALTER ROLE "wri""ter" SET search_path TO "a B", public, 'it''s';
ALTER ROLE "wri""ter" SET work_mem = '9MB';
ALTER ROLE "wri""ter" SET "my.Setting" = 'x';
CREATE DATABASE "Data base" TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' CONNECTION LIMIT 8 OWNER "app Owner";
COMMENT ON DATABASE "Data base" IS 'its comment';
ALTER DATABASE "Data base" SET search_path TO "x Y", public;
ALTER ROLE "wri""ter" IN DATABASE "Data base" SET statement_timeout = 5000;
REVOKE ALL ON DATABASE "Data base" FROM PUBLIC;
GRANT CONNECT ON DATABASE "Data base" TO "wri""ter" WITH GRANT OPTION;
`;

/** Roles as the catalogs have them. */
const ROLES = `SELECT rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolbypassrls, rolconnlimit,
  rolvaliduntil::text, rolpassword, (SELECT array_agg(c ORDER BY c) FROM unnest(s.setconfig) c) AS settings, shobj_description(a.oid, 'pg_authid') AS comment
  FROM pg_authid a LEFT JOIN pg_db_role_setting s ON s.setrole = a.oid AND s.setdatabase = 0
 WHERE rolname IN ('app Owner', 'wri"ter', 'boss') ORDER BY 1`;
const MEMBERS = `SELECT roleid::regrole::text AS role, member::regrole::text AS member, admin_option AS admin FROM pg_auth_members
 WHERE member::regrole::text !~ '^pg_' AND member <> 10 ORDER BY 1, 2`;
const DATABASE = `SELECT pg_get_userbyid(datdba) AS owner, pg_encoding_to_char(encoding) AS encoding, datcollate, datctype, datconnlimit,
  shobj_description(d.oid, 'pg_database') AS comment, (SELECT array_agg(a::text ORDER BY a::text) FROM unnest(datacl) a) AS acl,
  (SELECT array_agg(coalesce(r.rolname, '') || c ORDER BY r.rolname, c) FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = setrole, unnest(setconfig) c WHERE setdatabase = d.oid) AS settings
  FROM pg_database d WHERE datname = `;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'howdah-roles-'));
  for (const started of await Promise.all(MAJORS.map((major) => startServer({ major, password: 'x' }))))
    servers.set(started.major, started);
  for (const major of [10, 16]) {
    for (const statement of SETUP.split(';\n')) if (statement.trim() !== '') await server(major).sql(statement);
  }
  await server(16)
    .sql(`CREATE ROLE sets LOGIN; GRANT boss TO sets WITH INHERIT FALSE, SET TRUE; GRANT "app Owner" TO sets WITH INHERIT TRUE, SET FALSE;
    GRANT SET ON PARAMETER log_statement TO "wri""ter"`);
  for (const major of [13, 18]) await server(major).sql('CREATE ROLE conflict NOLOGIN');
}, 60_000);
afterAll(async () => {
  await Promise.all([...servers.values()].map((each) => each.stop()));
  await rm(folder, { recursive: true, force: true });
});

const all: ObjectSelection = { mode: 'all', roleMode: 'all', roles: [], databases: [] };

async function roles(
  from: TestServer,
  to: TestServer,
  change: { selection?: ObjectSelection; file?: string; sourceUser?: string; targetUser?: string } = {},
) {
  files += 1;
  const journal = await openJournal(change.file ?? join(folder, `journal${files}`));
  const [source, target] = await Promise.all([
    openSession({ ...from.profile(), user: change.sourceUser ?? 'postgres' }),
    openSession({ ...to.profile(), user: change.targetUser ?? 'postgres' }),
  ]);
  const { telling, outcomes } = listening();
  try {
    await copyRoles({ source, target, selection: change.selection ?? all, journal, telling, signal });
    return outcomes;
  } finally {
    await Promise.all([source.end(), target.end(), journal.close()]);
  }
}

describe.each([
  [10, 18],
  [16, 13],
])('roles from %i to %i', (source, target) => {
  it('with passwords, attributes, memberships, settings and comments; what is there is left alone', async () => {
    const [from, to] = [server(source), server(target)];
    const outcomes = await roles(from, to);
    expect(outcomes.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
    expect(await to.sql(ROLES)).toEqual(await from.sql(ROLES));
    const expected = (await from.sql(MEMBERS)).filter(({ role }) => role !== 'rds_superuser');
    expect(await to.sql(MEMBERS)).toEqual(expected);
    expect(
      outcomes.filter(({ outcome, kind }) => outcome === 'skipped' && kind === 'ROLE').map(({ name }) => name),
    ).toEqual(['conflict', 'postgres']);
    expect(
      await to.sql("SELECT rolname, rolcanlogin FROM pg_roles WHERE rolname IN ('conflict', 'rds_superuser')"),
    ).toEqual([{ rolname: 'conflict', rolcanlogin: false }]);
    // Who logs in with the old password gets in: it is the same hash.
    const password = await to.sql(
      `SELECT rolpassword ~ '^(md5|SCRAM-SHA-256)' AS hashed FROM pg_authid WHERE rolname = 'wri"ter'`,
    );
    expect(password).toEqual([{ hashed: true }]);
  });

  it('and then the database, with encoding, owner, limits, settings, comment and privileges', async () => {
    const [from, to] = [server(source), server(target)];
    const [asked, session] = await Promise.all([openSession(from.profile()), openSession(to.profile())]);
    const { telling, outcomes } = listening();
    const make = async (name: string) => {
      const journal = await openJournal(join(folder, `${name} of ${source}`));
      await makeDatabase({
        source: asked,
        target: session,
        from: 'Data base',
        to: name,
        keepOwners: true,
        keepPrivileges: true,
        journal,
        telling,
        signal,
      });
      await journal.close();
    };
    try {
      await make('New name');
      expect(outcomes.filter(({ outcome }) => outcome !== 'done')).toEqual([]);
      expect(outcomes.map(({ key }) => key)).toEqual(
        expect.arrayContaining(['DATABASE OWNER', 'DATABASE COMMENT', 'DATABASE ACL']),
      );
      const [was] = await from.sql(`${DATABASE}'Data base'`);
      expect(await to.sql(`${DATABASE}'New name'`)).toEqual([was]);
      const first = outcomes.splice(0);
      await make('New name');
      expect(outcomes).toEqual(first);
      expect(await to.sql(`${DATABASE}'New name'`)).toEqual([was]);
      // One that was there keeps what it has.
      await to.sql('CREATE DATABASE theirs');
      await to.sql(
        "ALTER DATABASE theirs SET search_path = 'mine'; COMMENT ON DATABASE theirs IS 'mine'; GRANT CONNECT ON DATABASE theirs TO postgres",
      );
      const [before] = await to.sql(`${DATABASE}'theirs'`);
      await make('theirs');
      const [after] = await to.sql(`${DATABASE}'theirs'`);
      expect({ ...after, settings: null }).toEqual({ ...before, settings: null });
      expect(after?.['settings']).toContain('search_path=mine');
    } finally {
      await Promise.all([asked.end(), session.end()]);
    }
  });
});

describe('a database', () => {
  const make = async (file: string, to: string, user = 'postgres') => {
    const journal = await openJournal(file);
    const [source, target] = await Promise.all([
      openSession(server(16).profile()),
      openSession({ ...server(18).profile(), user }),
    ]);
    const { telling, outcomes } = listening();
    const from = 'late';
    try {
      await makeDatabase({
        source,
        target,
        from,
        to,
        keepOwners: true,
        keepPrivileges: true,
        journal,
        telling,
        signal,
      });
      return outcomes;
    } finally {
      await Promise.all([source.end(), target.end(), journal.close()]);
    }
  };
  const asFound = (database: string) => server(18).sql(`${DATABASE}'${database}'`);
  const OTHER = `${DATABASE}'late'`;

  beforeAll(async () => {
    for (const statement of [
      'CREATE ROLE late_owner',
      'CREATE ROLE late_guest',
      'CREATE DATABASE late OWNER late_owner',
      'REVOKE ALL ON DATABASE late FROM PUBLIC; GRANT CONNECT, TEMPORARY ON DATABASE late TO late_guest',
      'ALTER ROLE late_guest IN DATABASE late SET work_mem = 4321',
    ])
      await server(16).sql(statement);
  });

  it('gets its owner, privileges and settings once their roles are there', async () => {
    const file = join(folder, 'late');
    const first = await make(file, 'late');
    expect(first.map(({ key, outcome }) => [key, outcome])).toEqual([
      ['DATABASE OWNER', 'failed'],
      ['DATABASE SETTING ["late_guest","work_mem"]', 'skipped'],
      ['DATABASE ACL', 'done'],
      ['DATABASE ACL ["late_guest","CONNECT"]', 'failed'],
      ['DATABASE ACL ["late_guest","TEMPORARY"]', 'failed'],
    ]);
    await server(18).sql('CREATE ROLE late_owner; CREATE ROLE late_guest');
    const second = await make(file, 'late');
    expect(second.map(({ key }) => key)).toEqual(first.map(({ key }) => key));
    expect(second.filter(({ outcome }) => outcome !== 'done')).toEqual([]);
    expect(await asFound('late')).toEqual(await server(16).sql(OTHER));
  });

  it('that a killed worker made is whole in the end', async () => {
    const file = join(folder, 'killed');
    const journal = await openJournal(file);
    await journal.add({ did: 'database', database: 'late' });
    await journal.close();
    await server(18).sql('CREATE DATABASE late_killed TEMPLATE template0');
    await make(file, 'late_killed');
    expect(await asFound('late_killed')).toEqual(await server(16).sql(OTHER));
  });

  it('that could not be made and was made by hand is not ours', async () => {
    await server(18).sql("CREATE ROLE no_maker LOGIN PASSWORD 'x'");
    const file = join(folder, 'by hand');
    await expect(make(file, 'late_by_hand', 'no_maker')).rejects.toMatchObject({
      info: { sqlstate: '42501' },
    });
    await server(18).sql('CREATE DATABASE late_by_hand TEMPLATE template0');
    await make(file, 'late_by_hand');
    expect(await asFound('late_by_hand')).toMatchObject([{ owner: 'postgres' }]);
  });
});

describe('roles', () => {
  it('that are chosen', async () => {
    const selection: ObjectSelection = { ...all, roleMode: 'partial', roles: ['sets'] };
    const outcomes = await roles(server(16), server(18), { selection });
    expect(outcomes.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
    expect(
      await server(18).sql(
        `SELECT roleid::regrole::text AS role, inherit_option, set_option FROM pg_auth_members WHERE member = 'sets'::regrole ORDER BY 1`,
      ),
    ).toEqual([
      { role: '"app Owner"', inherit_option: true, set_option: false },
      { role: 'boss', inherit_option: false, set_option: true },
    ]);
    expect(await roles(server(16), server(18), { selection: { ...all, roleMode: 'none' } })).toEqual([]);
  });

  it('are made once, whatever happens between', async () => {
    await server(16).sql('CREATE ROLE crashed LOGIN CREATEDB');
    const selection: ObjectSelection = { ...all, roleMode: 'partial', roles: ['crashed'] };
    const file = join(folder, 'crash');
    const journal = await openJournal(file);
    await journal.add({ did: 'step', database: '', step: 'roles-begun' });
    await journal.close();
    // Made by a worker that was killed before it could say so.
    await server(18).sql('CREATE ROLE crashed');
    await roles(server(16), server(18), { selection, file });
    expect(await server(18).sql("SELECT rolcreatedb FROM pg_roles WHERE rolname = 'crashed'")).toEqual([
      { rolcreatedb: true },
    ]);
    expect(await roles(server(16), server(18), { selection, file })).toEqual([]);
  });

  it('by accounts that are no superusers: as far as these may', async () => {
    await server(10).sql("CREATE ROLE asker LOGIN PASSWORD 'x'");
    for (const major of [13, 18]) {
      const to = server(major);
      await to.sql("CREATE ROLE maker LOGIN CREATEROLE CREATEDB PASSWORD 'x'; DROP OWNED BY boss; DROP ROLE boss");
      await to.sql(
        `REASSIGN OWNED BY "app Owner" TO postgres; DROP OWNED BY "app Owner", "wri""ter"; DROP ROLE "app Owner", "wri""ter"`,
      );
      const selection: ObjectSelection = { ...all, roleMode: 'partial', roles: ['app Owner', 'wri"ter', 'boss'] };
      const outcomes = await roles(server(10), to, { selection, sourceUser: 'asker', targetUser: 'maker' });
      expect(outcomes.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
      const skipped = outcomes
        .filter(({ outcome }) => outcome === 'skipped')
        .map(({ kind, name }) => `${kind} ${name}`);
      expect(skipped).toEqual(
        expect.arrayContaining(['ROLE PASSWORD wri"ter', 'ROLE SUPERUSER boss', 'ROLE REPLICATION boss']),
      );
      // It can give them what they own.
      const session = await openSession({ ...to.profile(), user: 'maker' });
      try {
        await session.query('CREATE DATABASE given');
        await session.query('ALTER DATABASE given OWNER TO "app Owner"');
      } finally {
        await session.end();
      }
    }
  });
});
