import { describe, expect, it } from 'vitest';
import { createDumpCutter } from '../../electron/control-plane/migration/structure/cut-dump';
import type { StructureEntry } from '../../electron/control-plane/migration/structure/entry';
import { chooseHeader, readHeader } from '../../electron/control-plane/migration/structure/entry-header';

const HEAD = `--
-- PostgreSQL database dump
--

\\restrict abc

SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
`;
const TAIL = `
-- Completed on 2026-01-01 00:00:00 UTC

--
-- PostgreSQL database dump complete
--

\\unrestrict abc
`;

const header = (name: string, kind: string, schema = 'public', toc = ''): string =>
  `\n--\n${toc}-- Name: ${name}; Type: ${kind}; Schema: ${schema}; Owner: postgres\n--\n\n`;

/** Cuts a dump that arrives in pieces of `size` bytes. */
function cut(body: string, size = 7): StructureEntry[] {
  const cutter = createDumpCutter();
  const bytes = Buffer.from(HEAD + body + TAIL);
  for (let at = 0; at < bytes.length; at += size) cutter.push(bytes.subarray(at, at + size));
  return cutter.end().entries;
}

describe('a dump is cut into entries', () => {
  it('with its statements, oids and owners, without preamble', () => {
    const toc = '-- TOC entry 5 (class 1259 OID 16391)\n';
    const comment = '-- TOC entry 9 (class 0 OID 0)\n-- Dependencies: 5 6\n';
    const entries = cut(
      `${header('t', 'TABLE', 'public', toc)}CREATE TABLE public.t (\n    a integer\n);\n\n\nALTER TABLE public.t OWNER TO postgres;\n` +
        `${header('TABLE t', 'COMMENT', 'public', comment)}COMMENT ON TABLE public.t IS 'x';\n`,
    );
    expect(entries).toEqual([
      {
        key: 'pre TABLE public.t',
        section: 'pre',
        kind: 'TABLE',
        schema: 'public',
        name: 't',
        owner: 'postgres',
        sql: 'CREATE TABLE public.t (\n    a integer\n);\nALTER TABLE public.t OWNER TO postgres;',
        origin: { id: 5, catalog: 1259, oid: 16391, belongsTo: [] },
      },
      expect.objectContaining({
        key: 'pre COMMENT public.TABLE t',
        origin: { id: 9, catalog: 0, oid: 0, belongsTo: [5, 6] },
      }),
    ]);
  });

  it('wherever the pieces of the stream end, in any language', () => {
    const body = `${header('表', 'TABLE')}CREATE TABLE public."表" ("é" integer);\n${header('f()', 'FUNCTION')}CREATE FUNCTION public.f() RETURNS text\n    AS $_$ SELECT '表;' $_$;\n`;
    const whole = cut(body, 1_000_000);
    expect(whole.map(({ sql }) => sql)).toEqual([
      'CREATE TABLE public."表" ("é" integer);',
      "CREATE FUNCTION public.f() RETURNS text\n    AS $_$ SELECT '表;' $_$;",
    ]);
    for (const size of [1, 2, 3, 5, 64]) expect(cut(body, size)).toEqual(whole);
  });

  it('at real comments only: bodies, constants, names and comments on objects may hold the same text', () => {
    const fake = '\n--\n-- Name: fake; Type: TABLE; Schema: public; Owner: evil\n--\n\nCREATE TABLE public.fake ();\n';
    const texts = [
      `CREATE FUNCTION public.f() RETURNS void\n    LANGUAGE plpgsql\n    AS $$${fake}$$;`,
      `CREATE FUNCTION public.g() RETURNS void\n    LANGUAGE sql\n    AS $_X1$ SELECT $$;$$;${fake}$_X1$;`,
      `COMMENT ON TABLE public.t IS 'it''s${fake}';`,
      `COMMENT ON TABLE public.t IS E'back\\\\slash \\'${fake}';`,
      `CREATE TABLE public."${fake.replaceAll('"', '""')}" (a integer);`,
      `CREATE FUNCTION public.h() RETURNS integer\n    LANGUAGE sql\n    BEGIN ATOMIC\n SELECT CASE WHEN true THEN 1 ELSE 2 END AS "${fake}";\n SELECT 2;\nEND;`,
      `CREATE VIEW public.v AS\n SELECT 'x${fake}'::text AS a; `.trim(),
    ];
    const entries = cut(texts.map((sql, at) => header(`n${at}`, 'FUNCTION') + sql).join('\n'));
    expect(entries.map(({ sql }) => sql)).toEqual(texts);
    expect(entries.map(({ name }) => name)).toEqual(texts.map((_, at) => `n${at}`));
  });

  it('before and after the data, comments with what they are on, privileges last', () => {
    const entries = cut(
      [
        header('t', 'TABLE') + 'CREATE TABLE public.t (a integer);',
        header('TABLE t', 'COMMENT') + "COMMENT ON TABLE public.t IS 'x';",
        header('t t_pkey', 'CONSTRAINT') + 'ALTER TABLE ONLY public.t ADD CONSTRAINT t_pkey PRIMARY KEY (a);',
        header('INDEX t_pkey', 'COMMENT') + "COMMENT ON INDEX public.t_pkey IS 'x';",
        header('TABLE t', 'ACL') + 'GRANT SELECT ON TABLE public.t TO PUBLIC;',
        header('TABLE t', 'ACL') + 'GRANT SELECT ON TABLE public.t TO x;',
      ].join('\n'),
    );
    expect(entries.map(({ key }) => key)).toEqual([
      'pre TABLE public.t',
      'pre COMMENT public.TABLE t',
      'post CONSTRAINT public.t t_pkey',
      'post COMMENT public.INDEX t_pkey',
      'post ACL public.TABLE t',
      'post ACL public.TABLE t #2',
    ]);
  });

  it('with the settings that a table was written under', () => {
    const table = (name: string) => `${header(name, 'TABLE')}CREATE TABLE public.${name} (a integer);\n`;
    const entries = cut(
      `SET default_tablespace = '';\nSET default_table_access_method = heap;\n${table('a')}` +
        `SET default_tablespace = "My ""Space""";\n${table('b')}${header('f()', 'FUNCTION')}CREATE FUNCTION public.f();\n` +
        `SET default_tablespace = '';\nSET default_table_access_method = columnar;\n${table('c')}SET default_with_oids = true;\n${table('d')}`,
    );
    expect(entries.map(({ sql }) => sql)).toEqual([
      'CREATE TABLE public.a (a integer);',
      expect.stringMatching(
        /spcname = 'My "Space"'[^]*\nCREATE TABLE public.b \(a integer\);\nSET default_tablespace = '';$/,
      ),
      'CREATE FUNCTION public.f();',
      "SET default_table_access_method = 'columnar';\nCREATE TABLE public.c (a integer);\nSET default_table_access_method = heap;",
      expect.stringMatching(/^SET default_table_access_method[^]*SET default_with_oids = true;\nCREATE TABLE public.d/),
    ]);
  });

  it('and one that was cut off is no dump', () => {
    const cutter = createDumpCutter();
    cutter.push(Buffer.from(`${HEAD}${header('t', 'TABLE')}CREATE TABLE public.t (a integer);\n`));
    expect(() => cutter.end()).toThrow('cut off');
  });
});

describe('names that look like a header', () => {
  const line = (name: string, kind: string, schema: string, owner = 'o') =>
    `-- Name: ${name}; Type: ${kind}; Schema: ${schema}; Owner: ${owner}`;
  const read = (text: string, sql: string) => chooseHeader(readHeader(text), sql);

  it.each([
    ['t; Type: VIEW; Schema: public; Owner: x', 'TABLE', 'public'],
    ['t', 'TABLE', 's; Type: VIEW; Schema: public'],
    ['a; Type: X; Schema: b', 'VIEW', 's; Owner: q; Type: TABLE; Schema: z'],
  ])('are read as the statement has them: %s | %s | %s', (name, kind, schema) => {
    const sql = `CREATE ${kind} "${schema}"."${name}" (a integer);`;
    expect(read(line(name, kind, schema), sql)).toEqual({ name, kind, schema, owner: 'o' });
  });

  it('leave out the tablespace, and no schema is empty', () => {
    expect(read(`${line('x', 'SCHEMA', '-', 'a b')}; Tablespace: fast`, 'CREATE SCHEMA x;')).toEqual({
      name: 'x',
      kind: 'SCHEMA',
      schema: '',
      owner: 'a b',
    });
    expect(readHeader('-- Dumped by pg_dump version 18.3')).toEqual([]);
  });
});
