import type { ObjectRef } from '../../shared/model/catalog';
import { quoteIdent, quoteLiteral, quoteQualified } from '../../shared/model/quote';
import type { TestServer } from './postgres';
import { openDesk, type FormDesk } from './table-forms';

/*
 * Tables under names that are hard to quote, in a database `forms`, for the dialogs to work on.
 */

export const SCHEMA = `s "x'; --\n表`;
const NAME = `t "select"'; \\ 表`;
export const TABLE = quoteQualified(SCHEMA, NAME);
export const OTHER = quoteQualified(SCHEMA, 'other "o"');
export const EVIL = `it's "evil" \\ ;\n-- 表`;
export const ROLE = `r"ole's`;

const S = quoteIdent(SCHEMA);

const SCENE = `
CREATE ROLE ${quoteIdent(ROLE)}; CREATE ROLE mover;
CREATE SCHEMA ${S}; CREATE SCHEMA moved;
GRANT ALL ON SCHEMA moved TO mover;
CREATE TABLE ${TABLE} (id integer NOT NULL, "b ""b" integer, "T't" text, p point, d date NOT NULL, v integer);
CREATE TABLE ${OTHER} (id integer PRIMARY KEY, "x y" integer, UNIQUE (id, "x y"));
CREATE VIEW ${S}.seen AS SELECT * FROM ${OTHER};
CREATE TABLE ${S}."pa ""r" ("in ""h" integer); CREATE TABLE ${S}.second ("in ""h" integer, more text);
CREATE TABLE ${S}."by ""hand" (id integer, r text);
CREATE TYPE ${S}."ty pe" AS ("F" integer, "g h" text);
CREATE FUNCTION ${S}."touch ""t"""() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE FUNCTION ${S}.other() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE FOREIGN DATA WRAPPER wrap; CREATE SERVER "fa ""r" FOREIGN DATA WRAPPER wrap;`;

/** Query for the oid of a relation of the scene's schema. */
export const relation = (name: string): string =>
  `SELECT ${quoteLiteral(quoteQualified(SCHEMA, name))}::pg_catalog.regclass::oid::int8::int4 AS oid`;

/** Query for the oid of a row of a catalog by its name, e.g. `part('pg_trigger', 'tg', 'audit')`. */
export const part = (catalog: string, prefix: string, name: string): string =>
  `SELECT oid::int8::int4 AS oid FROM pg_catalog.${catalog} WHERE ${prefix}name = ${quoteLiteral(name)}`;

export interface TableScene {
  readonly desk: FormDesk;
  readonly schema: ObjectRef;
  readonly table: ObjectRef;
  readonly view: ObjectRef;
}

/** Makes the scene on a server and opens a desk. */
export async function openTableScene(server: TestServer): Promise<TableScene> {
  await server.createDatabase('forms');
  await server.sql(SCENE, 'forms');
  await server.sql(`COPY (SELECT 1) TO PROGRAM 'cat > /dev/null; mkdir ${server.dataFolder}/space'`, 'forms');
  await server.sql(`CREATE TABLESPACE "sp ace" LOCATION '${server.dataFolder}/space'`, 'forms');
  const desk = await openDesk(server, 'forms');
  const refOf = async (kind: 'table' | 'view', name: string): Promise<ObjectRef> => {
    const [row] = await desk.rows(relation(name));
    return { kind, oid: Number(row?.['oid']), schema: SCHEMA, name, sub: 0 };
  };
  return {
    desk,
    schema: { kind: 'schema', oid: 0, schema: '', name: SCHEMA, sub: 0 },
    table: await refOf('table', NAME),
    view: await refOf('view', 'seen'),
  };
}
