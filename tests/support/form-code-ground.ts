import type { ObjectRef } from '../../shared/model/catalog';
import type { FormState } from '../../shared/model/form';

/** A name that breaks out of quotes of every kind, of comments and of lines. */
export const EVIL = `o'Brien "x"; --\n表`;
export const EVIL_AGAIN = `$$ */ select 'y"`;
export const EVIL_TEXT = `'; DROP SCHEMA fx; -- \\ "x"\n表`;
export const OWNER = 'Own "er"';

/** Roles whose own privileges aren't compared. */
export const OWNERS = ['postgres', OWNER];

/** What the objects of the trips are made of. */
export const GROUND = `
CREATE ROLE "Own ""er""" SUPERUSER;
CREATE ROLE "keep'er";
CREATE SCHEMA fx;
CREATE SCHEMA "other ""s""";
CREATE EXTENSION file_fdw;
CREATE TYPE fx.mood AS ENUM ('a', 'b');
CREATE TYPE fx.pair AS (a integer, b integer);
CREATE FUNCTION fx.to_mood(integer) RETURNS fx.mood LANGUAGE sql IMMUTABLE AS 'SELECT NULL::fx.mood';
CREATE FUNCTION fx.eq(fx.pair, fx.pair) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE OPERATOR fx.<<>> (PROCEDURE = fx.eq, LEFTARG = fx.pair, RIGHTARG = fx.pair);
CREATE FUNCTION fx.not_pair(fx.pair) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE FUNCTION fx.from_int(internal) RETURNS internal LANGUAGE internal IMMUTABLE AS 'int4recv';
CREATE FUNCTION fx.to_int(internal) RETURNS integer LANGUAGE internal IMMUTABLE AS 'int4recv';
CREATE FUNCTION fx.to_int_again(internal) RETURNS integer LANGUAGE internal IMMUTABLE AS 'int4recv';
CREATE FUNCTION fx.on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$;
CREATE FUNCTION fx."on ddl"() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$;
CREATE TABLE fx."ta ble" (a integer, "B b" integer, c text);
CREATE DOMAIN fx."dom ain" AS integer;
CREATE TYPE fx.stepped;
CREATE FUNCTION fx.canon(fx.stepped) RETURNS fx.stepped LANGUAGE internal IMMUTABLE STRICT AS 'int4range_canonical';
CREATE TYPE fx.raw;
CREATE FUNCTION fx.raw_in(cstring) RETURNS fx.raw LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION fx.raw_out(fx.raw) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE FUNCTION fx.raw_recv(internal) RETURNS fx.raw LANGUAGE internal IMMUTABLE STRICT AS 'textrecv';
CREATE FUNCTION fx.raw_send(fx.raw) RETURNS bytea LANGUAGE internal IMMUTABLE STRICT AS 'textsend';
CREATE TEXT SEARCH DICTIONARY fx."Dict" (TEMPLATE = simple);
`;

export const SCHEMA: ObjectRef = { kind: 'schema', oid: 0, schema: '', name: 'fx', sub: 0 };
export const PUBLIC = (privilege: string) => ({ grantee: '', privileges: [privilege], grantable: [] });
export const KEEPER = (privilege: string) => ({ grantee: "keep'er", privileges: [privilege], grantable: [privilege] });

/** Name, schema, owner and comment change one by one. */
export const MOVES: readonly FormState[] = [
  { comment: EVIL_TEXT },
  { name: EVIL_AGAIN },
  { schema: 'other "s"' },
  { owner: OWNER },
];
export const NAMED = { name: EVIL, comment: 'first' };
