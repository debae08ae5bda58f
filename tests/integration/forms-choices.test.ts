import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSession, type PgSession } from '../../electron/adapters/postgres/session';
import { prepareCatalogSession } from '../../electron/adapters/postgres/catalog-sessions';
import { readChoices } from '../../electron/features/catalog/forms/choices';
import { CHOICE_SOURCES, type ChoiceSource } from '../../shared/model/form';
import { NASTY } from '../support/nasty-names';
import { startServer, type TestServer } from '../support/postgres';

const { signal } = new AbortController();

describe.each([10, 15, 18])('Choices on PostgreSQL %i', (major) => {
  let server: TestServer;
  let admin: PgSession;
  let plain: PgSession;

  beforeAll(async () => {
    server = await startServer({ major });
    await server.createDatabase('zoo', 'TEMPLATE template0 ENCODING UTF8');
    await server.sql(NASTY, 'zoo');
    await server.sql(
      `CREATE ROLE "plain ""x""" LOGIN; CREATE TABLE public.p (a int) PARTITION BY LIST (a);
      CREATE FUNCTION public.note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
      CREATE PUBLICATION "pub lic" FOR ALL TABLES`,
      'zoo',
    );
    admin = await openSession(server.profile('zoo'));
    plain = await openSession({ ...server.profile('zoo'), user: 'plain "x"' });
    await prepareCatalogSession(admin);
    await prepareCatalogSession(plain);
  });
  afterAll(async () => {
    await admin.end();
    await plain.end();
    await server.stop();
  });

  const values = async (source: ChoiceSource, of = '', session = admin): Promise<string[]> =>
    (await readChoices(session, source, of, signal)).map(({ value }) => value);

  it('are read from every source, by a plain account too, each value once and never empty', async () => {
    const wrong: string[] = [];
    for (const source of CHOICE_SOURCES) {
      for (const session of [admin, plain]) {
        for (const of of ['', 'no such thing', '"select"."keyed"']) {
          const found = await values(source, of, session);
          if (found.includes('') || new Set(found).size !== found.length) wrong.push(source);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it('offer something wherever a new database has something', async () => {
    const of = (source: ChoiceSource): string => {
      if (source === 'columns' || source === 'unique-keys' || source === 'indexes') return '"select".keyed';
      if (source === 'extension-versions') return 'plpgsql';
      return source === 'text-search-token-types' ? 'pg_catalog."default"' : '';
    };
    const empty: string[] = [];
    for (const source of CHOICE_SOURCES) if ((await values(source, of(source))).length === 0) empty.push(source);
    const may = [
      'foreign-data-wrappers',
      'foreign-servers',
      'label-providers',
      'wrapper-handlers',
      'wrapper-validators',
    ];
    const none = [...may, 'sequences', 'event-trigger-functions', ...(major < 12 ? ['table-access-methods'] : [])];
    expect(empty.filter((source) => !none.includes(source))).toEqual([]);
  });

  it('write names as SQL does where they are qualified, and as they are elsewhere', async () => {
    expect(await values('tables')).toContain('"new\nline"."a\nb"');
    expect(await values('schemas')).toContain('new\nline');
    expect(await values('roles')).toContain('plain "x"');
    expect(await values('columns', '"new\nline"."a\nb"')).toEqual(['c\nd', 'e"f']);
    expect(await values('unique-keys', '"select".keyed')).toEqual(['k', 'u']);
    expect(await values('types')).toEqual(
      expect.arrayContaining(['integer', 'timestamp with time zone', '"select".pair']),
    );
    expect(await values('types')).not.toContain('trigger');
    expect((await values('types')).slice(0, 2)).toEqual(['bigint', 'integer']);
    expect(await values('partitioned-tables')).toEqual(['public.p']);
    expect(await values('trigger-functions')).toContain('public.note');
    expect(await values('functions')).toContain('"select".pair_cmp("select".pair,"select".pair)');
    expect(await values('operators')).toEqual(expect.arrayContaining(['=', '"select".<<<']));
    expect(await values('operator-classes', 'btree')).toEqual(
      expect.arrayContaining(['text_pattern_ops', '"select".ops']),
    );
    expect(await values('operator-classes', 'gin')).not.toContain('text_pattern_ops');
    expect(await values('publications')).toEqual(['pub lic']);
  });

  it('offer nothing for a name that is not complete', async () => {
    expect(await values('columns', 'a.b.c.d.')).toEqual([]);
    expect(await values('columns', '"open')).toEqual([]);
  });
});
