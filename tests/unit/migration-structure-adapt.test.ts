import { describe, expect, it } from 'vitest';
import { piecesOf } from '../../electron/control-plane/migration/structure/entry-parts';
import { selectEntries } from '../../electron/control-plane/migration/structure/select-entries';
import { sqlTokens, statementsOf } from '../../electron/control-plane/migration/structure/sql-tokens';
import { adapt, entry, on, plan, table } from '../support/structure-entries';

describe('owners, privileges, marks', () => {
  it('travel only when they are wanted', async () => {
    const made = entry(
      'TABLE',
      "CREATE TABLE s.t (\n    a text DEFAULT '; ALTER TABLE s.t OWNER TO x;'\n);\nALTER TABLE s.t OWNER TO x;",
    );
    const grant = entry('ACL', 'GRANT SELECT ON TABLE s.t TO x;');
    const rights = entry('DEFAULT ACL', 'ALTER DEFAULT PRIVILEGES FOR ROLE x GRANT SELECT ON TABLES TO y;');
    expect((await adapt([made, grant, rights])).entries).toEqual([made, grant, rights]);
    const bare = await adapt([made, grant, rights], { keepOwners: false, keepPrivileges: false });
    expect(bare.entries.map(({ sql }) => sql)).toEqual([
      "CREATE TABLE s.t (\n    a text DEFAULT '; ALTER TABLE s.t OWNER TO x;'\n);",
    ]);
  });

  it('a hidden mark of some servers is left out', async () => {
    const sql =
      'CREATE TABLE s.t (\n    a integer\n);\nALTER TABLE ONLY s.t ALTER COLUMN a SET (pg_attver=1);\nALTER TABLE ONLY s.t ALTER COLUMN a SET (n_distinct=5);';
    expect(await on(18, 'TABLE', sql)).toBe(
      'CREATE TABLE s.t (\n    a integer\n);\nALTER TABLE ONLY s.t ALTER COLUMN a SET (n_distinct=5);',
    );
  });

  it('a tablespace that the target may lack is told', async () => {
    const sql = "SELECT pg_catalog.set_config('default_tablespace', 'x', false);\nCREATE TABLE s.t (a integer);";
    expect((await adapt([entry('TABLE', sql)])).notes).toEqual([expect.stringContaining('tablespace')]);
  });
});

describe('other names', () => {
  const renamed = async (kind: string, sql: string): Promise<string> => {
    const { entries } = await adapt([entry(kind, sql)], {
      plan: plan({
        schemas: [
          { name: 's', targetName: 'New', whole: true },
          { name: 'o', targetName: 'o', whole: true },
        ],
        tables: [table('t', { targetSchema: 'New', targetName: 'u' })],
      }),
    });
    return entries[0]?.sql ?? '';
  };

  it.each([
    ['SCHEMA', 'CREATE SCHEMA s;\nALTER SCHEMA s OWNER TO s;', 'CREATE SCHEMA "New";\nALTER SCHEMA "New" OWNER TO s;'],
    [
      'TABLE',
      "CREATE TABLE s.t (\n    s integer DEFAULT nextval('s.q'::regclass),\n    t s.t[],\n    CONSTRAINT t CHECK (s.f(t.*))\n);",
      'CREATE TABLE "New".u (\n    s integer DEFAULT nextval(\'"New".q\'::regclass),\n    t "New".u[],\n    CONSTRAINT t CHECK ("New".f(u.*))\n);',
    ],
    [
      'VIEW',
      'CREATE VIEW s.v AS\n SELECT t.a, x.b\n   FROM (s.t\n     JOIN s.t x ON ((x.a = t.a)))\n  WHERE (t.a > 1);',
      'CREATE VIEW "New".v AS\n SELECT t.a, x.b\n   FROM ("New".u t\n     JOIN "New".u x ON ((x.a = t.a)))\n  WHERE (t.a > 1);',
    ],
    ['VIEW', 'CREATE VIEW o.v AS\n SELECT s.t\n   FROM o.s;', 'CREATE VIEW o.v AS\n SELECT s.t\n   FROM o.s;'],
    [
      'VIEW',
      'CREATE VIEW o.v AS\n SELECT s.a, s.f(1) AS f\n   FROM s.s;',
      'CREATE VIEW o.v AS\n SELECT s.a, "New".f(1) AS f\n   FROM "New".s;',
    ],
    [
      'RULE',
      'CREATE RULE r AS\n    ON INSERT TO o.x DO INSTEAD  INSERT INTO s.t (a) VALUES (new.a)\n  RETURNING t.a;',
      'CREATE RULE r AS\n    ON INSERT TO o.x DO INSTEAD  INSERT INTO "New".u AS t (a) VALUES (new.a)\n  RETURNING t.a;',
    ],
    [
      'POLICY',
      'CREATE POLICY p ON s.t USING ((EXISTS ( SELECT 1\n   FROM o.x\n  WHERE (x.a = t.a))));',
      'CREATE POLICY p ON "New".u USING ((EXISTS ( SELECT 1\n   FROM o.x\n  WHERE (x.a = u.a))));',
    ],
    [
      'FK CONSTRAINT',
      'ALTER TABLE ONLY o.x\n    ADD CONSTRAINT t FOREIGN KEY (s) REFERENCES s.t(t);',
      'ALTER TABLE ONLY o.x\n    ADD CONSTRAINT t FOREIGN KEY (s) REFERENCES "New".u(t);',
    ],
    ['SEQUENCE OWNED BY', 'ALTER SEQUENCE s.q OWNED BY s.t.s;', 'ALTER SEQUENCE "New".q OWNED BY "New".u.s;'],
    [
      'DEFAULT ACL',
      'ALTER DEFAULT PRIVILEGES FOR ROLE s IN SCHEMA s GRANT SELECT ON TABLES TO s;',
      'ALTER DEFAULT PRIVILEGES FOR ROLE s IN SCHEMA "New" GRANT SELECT ON TABLES TO s;',
    ],
    [
      'OPERATOR',
      'CREATE OPERATOR s.+ (\n    FUNCTION = s.t,\n    COMMUTATOR = OPERATOR(s.+)\n);',
      'CREATE OPERATOR "New".+ (\n    FUNCTION = "New".u,\n    COMMUTATOR = OPERATOR("New".+)\n);',
    ],
    [
      'FUNCTION',
      "CREATE FUNCTION s.f(a s.t) RETURNS void\n    LANGUAGE plpgsql\n    SET search_path TO 's', 'public'\n    AS $$ BEGIN PERFORM s.g(); END $$;",
      'CREATE FUNCTION "New".f(a "New".u) RETURNS void\n    LANGUAGE plpgsql\n    SET search_path TO \'New\', \'public\'\n    AS $$ BEGIN PERFORM s.g(); END $$;',
    ],
    [
      'FUNCTION',
      'CREATE FUNCTION s.f(integer, s.t) RETURNS s.t\n    LANGUAGE sql\n    BEGIN ATOMIC\n SELECT t.a, x.b\n    FROM o.x,\n     s.t;\nEND;\nALTER FUNCTION s.f(integer, s.t) OWNER TO o;',
      'CREATE FUNCTION "New".f(integer, "New".u) RETURNS "New".u\n    LANGUAGE sql\n    BEGIN ATOMIC\n SELECT t.a, x.b\n    FROM o.x,\n     "New".u t;\nEND;\nALTER FUNCTION "New".f(integer, "New".u) OWNER TO o;',
    ],
    ['COMMENT', "COMMENT ON TABLE s.t IS 's.t';", 'COMMENT ON TABLE "New".u IS \'s.t\';'],
  ])('%s %s', async (kind, sql, expected) => {
    expect(await renamed(kind, sql)).toBe(expected);
  });

  it('the schema public is made under its other name', async () => {
    const { entries } = await adapt([entry('TABLE', 'CREATE TABLE public.t (a integer);')], {
      plan: plan({ schemas: [{ name: 'public', targetName: 'app', whole: true }] }),
    });
    expect(entries.map(({ sql }) => sql)).toEqual(['CREATE SCHEMA app;', 'CREATE TABLE app.t (a integer);']);
  });
});

describe('pieces', () => {
  it('part the owner from the object, and one grant from the other', () => {
    const made = entry(
      'TABLE',
      'CREATE TABLE s.t (a text);\nALTER TABLE ONLY s.t ALTER COLUMN a SET COMPRESSION lz4;\nALTER TABLE s.t OWNER TO x;',
    );
    expect(piecesOf(made).core).toBe('CREATE TABLE s.t (a text);');
    expect(piecesOf(made).parts.map(({ kind, sql }) => [kind, sql])).toEqual([
      ['COMPRESSION', 'ALTER TABLE ONLY s.t ALTER COLUMN a SET COMPRESSION lz4;'],
      ['OWNER', 'ALTER TABLE s.t OWNER TO x;'],
    ]);
    const grants = entry(
      'ACL',
      'REVOKE ALL ON TABLE s.t FROM x;\nGRANT SELECT ON TABLE s.t TO y;\nSET SESSION AUTHORIZATION y;\nGRANT SELECT ON TABLE s.t TO z;\nRESET SESSION AUTHORIZATION;',
    );
    expect(piecesOf(grants).parts.map(({ sql }) => sql)).toEqual([
      'REVOKE ALL ON TABLE s.t FROM x;',
      'GRANT SELECT ON TABLE s.t TO y;',
      'SET SESSION AUTHORIZATION y;\nGRANT SELECT ON TABLE s.t TO z;\nRESET SESSION AUTHORIZATION;',
    ]);
    expect(piecesOf(entry('ACL', 'GRANT SELECT ON TABLE s.t TO y;')).parts).toEqual([]);
  });
});

describe('tokens', () => {
  it('are those of the server', () => {
    const sql = `SELECT "a""b".c, E'x\\'y', 'it''s', $q$ '"$q$, 1.5 /* a /* b */ ' */ -- '\n FROM 表$1 WHERE a::text<>b`;
    expect(sqlTokens(sql).map(({ kind, value }) => `${kind}:${value}`)).toEqual([
      'word:select',
      'quoted:a"b',
      'sign:.',
      'word:c',
      'sign:,',
      "string:x\\'y",
      'sign:,',
      "string:it's",
      'sign:,',
      'string: \'"',
      'sign:,',
      'word:1.5',
      'word:from',
      'word:表$1',
      'word:where',
      'word:a',
      'sign::',
      'sign::',
      'word:text',
      'sign:<',
      'sign:>',
      'word:b',
    ]);
    for (const { start, end, kind, value } of sqlTokens(sql))
      if (kind === 'word') expect(sql.slice(start, end).toLowerCase()).toBe(value);
  });

  it('statements end at their semicolons', () => {
    expect(statementsOf("A ';';\n\nB $$;$$;")).toEqual(["A ';';", 'B $$;$$;']);
  });
});

it('others have their turn while a large structure is read', async () => {
  const many = Array.from({ length: 20_000 }, (_, at) =>
    entry('TABLE', `CREATE TABLE s.t${at} (\n    a integer NOT NULL,\n    b text DEFAULT 'x'::text\n);`),
  );
  const part = plan({ whole: false, schemas: [{ name: 's', targetName: 'New', whole: true }] });
  let turns = 0;
  const count = setInterval(() => (turns += 1), 1);
  const chosen = await selectEntries(many, part);
  const selecting = turns;
  const { entries } = await adapt(chosen, { plan: part });
  clearInterval(count);
  expect(entries.at(-1)?.sql).toContain('CREATE TABLE "New".t19999');
  expect([selecting > 0, turns > selecting]).toEqual([true, true]);
});
