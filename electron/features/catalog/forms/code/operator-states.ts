import { always } from '../../kinds/kind';
import { readerOf } from '../state-pieces';
import { commented, functionCall, functionName, identity, operatorName, typeName } from './names';

export const operatorState = readerOf(
  always(`
SELECT ${identity('o', 'opr', 'pg_operator')}, ${functionName('o.oprcode')} AS function, ${typeName('o.oprleft')} AS "leftType",
       ${typeName('o.oprright')} AS "rightType", ${operatorName('o.oprcom')} AS commutator, ${operatorName('o.oprnegate')} AS negator,
       ${functionName('o.oprrest')} AS restrict, ${functionName('o.oprjoin')} AS join, o.oprcanhash AS hashes, o.oprcanmerge AS merges,
       pg_catalog.json_build_object('commutator', ${operatorName('o.oprcom')}, 'negator', ${operatorName('o.oprnegate')},
         'hashes', o.oprcanhash, 'merges', o.oprcanmerge) AS known
  FROM pg_catalog.pg_operator o WHERE o.oid = $1`),
);

export const castState = readerOf(
  always(`
SELECT pg_catalog.format_type(c.castsource, NULL) AS "sourceType", pg_catalog.format_type(c.casttarget, NULL) AS "targetType",
       CASE c.castmethod WHEN 'f' THEN 'FUNCTION' WHEN 'i' THEN 'INOUT' ELSE 'BINARY' END AS method,
       ${functionCall('c.castfunc')} AS function,
       CASE c.castcontext WHEN 'i' THEN 'IMPLICIT' WHEN 'a' THEN 'ASSIGNMENT' ELSE 'EXPLICIT' END AS context, ${commented('c', 'pg_cast')}
  FROM pg_catalog.pg_cast c WHERE c.oid = $1`),
);

export const transformState = readerOf(
  always(`
SELECT pg_catalog.format_type(t.trftype, NULL) AS type, l.lanname::text AS language, ${functionCall('t.trffromsql::pg_catalog.oid')} AS "fromSql",
       ${functionCall('t.trftosql::pg_catalog.oid')} AS "toSql", ${commented('t', 'pg_transform')}
  FROM pg_catalog.pg_transform t JOIN pg_catalog.pg_language l ON l.oid = t.trflang WHERE t.oid = $1`),
);

export const conversionState = readerOf(
  always(`
SELECT ${identity('c', 'con', 'pg_conversion')}, pg_catalog.pg_encoding_to_char(c.conforencoding)::text AS "sourceEncoding",
       pg_catalog.pg_encoding_to_char(c.contoencoding)::text AS "targetEncoding", ${functionName('c.conproc')} AS function,
       c.condefault AS default
  FROM pg_catalog.pg_conversion c WHERE c.oid = $1`),
);

export const accessMethodState = readerOf(
  always(`
SELECT a.amname::text AS name, CASE a.amtype WHEN 't' THEN 'TABLE' ELSE 'INDEX' END AS type, ${functionName('a.amhandler')} AS handler,
       ${commented('a', 'pg_am')}
  FROM pg_catalog.pg_am a WHERE a.oid = $1`),
);
