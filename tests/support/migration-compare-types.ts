/** A type, values that are hard to write alike by servers of two versions, and one that differs from the first in as little as can be. */
export interface TypeCase {
  readonly name: string;
  readonly type: string;
  /** Literals and expressions. */
  readonly values: readonly string[];
  readonly planted: string;
  /** Versions of both sides that have it. */
  readonly from?: number;
}

const floats = ["'0.1'", "'-0'", "'0'", "'NaN'", "'Infinity'", "'1e-30'", "'3.4028234e38'", "'0.30000001'"];

export const TYPE_SETUP = `
  CREATE SCHEMA types;
  CREATE SCHEMA cases;
  CREATE TYPE types.mood AS ENUM ('sad', 'so; so', 'happy,"', '');
  CREATE TYPE types.place AS (label text, at float8, tags text[]);
  CREATE TYPE types.span AS RANGE (subtype = float8);
  CREATE DOMAIN types.price AS numeric(12, 4) CHECK (VALUE >= 0);
  CREATE DOMAIN types.reading AS float4;
`;

/** Each is a column of a table of its own. */
export const TYPES: readonly TypeCase[] = [
  { name: 'bool', type: 'bool', values: ['true', 'false', 'NULL'], planted: 'false' },
  { name: 'int2', type: 'int2', values: ['-32768', 'NULL'], planted: '-32767' },
  { name: 'int4', type: 'int4', values: ['1', '0', 'NULL'], planted: '2' },
  { name: 'int8', type: 'int8', values: ['9223372036854775807', 'NULL'], planted: '9223372036854775806' },
  {
    name: 'numeric',
    type: 'numeric',
    values: ["'1.0'", "'NaN'", "'1e-30'", '-123456789012345678901234567890.5'],
    planted: "'1.00'",
  },
  {
    name: 'float8',
    type: 'float8',
    values: ["'0.1'", "'5e-324'", "'-0'", "'0'", "'NaN'", "'-Infinity'", "'1.7976931348623157e308'", 'pi()', 'NULL'],
    planted: "'0.10000000000000002'",
  },
  { name: 'float8zero', type: 'float8', values: ["'0'"], planted: "'-0'" },
  { name: 'float4', type: 'float4', values: [...floats, 'NULL'], planted: "'0.10000001'" },
  {
    name: 'money',
    type: 'money',
    values: ["'-1234.56'::numeric::money", 'NULL'],
    planted: "'-1234.57'::numeric::money",
  },
  {
    name: 'text',
    type: 'text',
    values: ["''", 'NULL', "';'", "E'a\\nb\\\\'", "'€ 語'", "'NULL'", "repeat('x', 70000)"],
    planted: 'NULL',
  },
  { name: 'textlong', type: 'text', values: ["repeat('y', 200000)"], planted: "repeat('y', 199999) || 'z'" },
  { name: 'varchar', type: 'varchar(20)', values: ["'abc '", "'-1;'", 'NULL'], planted: "'abc'" },
  { name: 'bpchar', type: 'char(5)', values: ["'a'", "''", 'NULL'], planted: "'b'" },
  { name: 'name', type: 'name', values: ["'Name'", 'NULL'], planted: "'name'" },
  { name: 'char', type: '"char"', values: [`'\u00e9'`, "'a'", "''", 'NULL'], planted: "'b'" },
  { name: 'bytea', type: 'bytea', values: ["'\\x0001ff'", "''", 'NULL'], planted: "'\\x0001fe'" },
  {
    name: 'date',
    type: 'date',
    values: ["'4713-01-01 BC'", "'infinity'", "'2024-02-29'", 'NULL'],
    planted: "'4713-01-02 BC'",
  },
  { name: 'time', type: 'time', values: ["'24:00'", "'00:00:00.000001'", 'NULL'], planted: "'23:59:59.999999'" },
  { name: 'timetz', type: 'timetz', values: ["'12:00+05:45'", 'NULL'], planted: "'12:00+05:44'" },
  {
    name: 'timestamp',
    type: 'timestamp',
    values: ["'2024-01-01 00:00:00.000001'", "'-infinity'", 'NULL'],
    planted: "'2024-01-01 00:00:00.000002'",
  },
  {
    name: 'timestamptz',
    type: 'timestamptz',
    values: ["'2024-06-01 00:00:00.1+02'", "'0044-03-15 BC'", 'NULL'],
    planted: "'2024-06-01 00:00:00.1+03'",
  },
  {
    name: 'interval',
    type: 'interval',
    values: ["'1 mon -3 days 00:00:00.000001'", "'30 days'", 'NULL'],
    planted: "'1 mon -3 days 00:00:00.000002'",
  },
  {
    name: 'uuid',
    type: 'uuid',
    values: ["'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'", 'NULL'],
    planted: "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a12'",
  },
  { name: 'inet', type: 'inet', values: ["'10.0.0.1/8'", "'::1'", 'NULL'], planted: "'10.0.0.1'" },
  { name: 'cidr', type: 'cidr', values: ["'10.0.0.0/8'", 'NULL'], planted: "'10.0.0.0/9'" },
  { name: 'macaddr', type: 'macaddr', values: ["'08:00:2b:01:02:03'", 'NULL'], planted: "'08:00:2b:01:02:04'" },
  {
    name: 'macaddr8',
    type: 'macaddr8',
    values: ["'08:00:2b:01:02:03:04:05'", 'NULL'],
    planted: "'08:00:2b:01:02:03:04:06'",
  },
  { name: 'bit', type: 'bit(5)', values: ["B'10101'", 'NULL'], planted: "B'10100'" },
  { name: 'varbit', type: 'varbit', values: ["B''", 'NULL', "B'1'"], planted: 'NULL' },
  { name: 'json', type: 'json', values: [`'{"a": 1,  "a":2}'`, "'null'", 'NULL'], planted: `'{"a": 1, "a":2}'` },
  {
    name: 'jsonb',
    type: 'jsonb',
    values: [`'{"b": [1.0, null], "a": "é"}'`, "'null'", 'NULL'],
    planted: `'{"b": [1.00, null], "a": "é"}'`,
  },
  {
    name: 'xml',
    type: 'xml',
    values: [`'<?xml version="1.0" encoding="UTF-8"?><a>é</a>'`, `''`, 'NULL'],
    planted: `'<a>e</a>'`,
  },
  { name: 'point', type: 'point', values: ["'(0.1,-0)'", 'NULL'], planted: "'(0.1,0)'" },
  { name: 'line', type: 'line', values: ["'{1,2,0.3}'", 'NULL'], planted: "'{1,2,0.30000000000000004}'" },
  { name: 'lseg', type: 'lseg', values: ["'(0.1,0.2),(3,4)'", 'NULL'], planted: "'(0.1,0.2),(3,5)'" },
  { name: 'box', type: 'box', values: ["'(3,4),(0.1,0.2)'", 'NULL'], planted: "'(3,5),(0.1,0.2)'" },
  { name: 'path', type: 'path', values: ["'[(0.1,0),(1,1)]'", 'NULL'], planted: "'((0.1,0),(1,1))'" },
  { name: 'polygon', type: 'polygon', values: ["'((0.1,0),(1,1),(2,0))'", 'NULL'], planted: "'((0.1,0),(1,1),(2,1))'" },
  { name: 'circle', type: 'circle', values: ["'<(0.1,0.2),3>'", 'NULL'], planted: "'<(0.1,0.2),4>'" },
  { name: 'tsvector', type: 'tsvector', values: ["'a:1A fat:2,4B'", "''", 'NULL'], planted: "'a:1B fat:2,4B'" },
  { name: 'tsquery', type: 'tsquery', values: ["'fat & !rat'", 'NULL'], planted: "'fat & rat'" },
  { name: 'ints', type: 'int4[]', values: ["'{}'", "'{1,NULL}'", "'[0:1]={1,2}'", 'NULL'], planted: 'NULL' },
  { name: 'intbounds', type: 'int4[]', values: ["'{1,2}'"], planted: "'[0:1]={1,2}'" },
  {
    name: 'floatarray',
    type: 'float8[]',
    values: ["'{0.1,NULL,NaN,-0}'", "'{}'", "'{{0.1},{0.2}}'", 'NULL'],
    planted: "'{0.10000000000000002,NULL,NaN,-0}'",
  },
  { name: 'floatempty', type: 'float8[]', values: ["'{}'"], planted: 'NULL' },
  { name: 'floatnulls', type: 'float4[]', values: ["'{NULL,0.1}'"], planted: "'{0.1,NULL}'" },
  {
    name: 'textarray',
    type: 'text[]',
    values: [`'{"",NULL,"NULL","a,b","\\""}'`, 'NULL'],
    planted: `'{"",NULL,NULL,"a,b","\\""}'`,
  },
  { name: 'mood', type: 'types.mood', values: ["'so; so'", "'happy,\"'", "''", 'NULL'], planted: "'sad'" },
  { name: 'moods', type: 'types.mood[]', values: [`'{"so; so",""}'`, 'NULL'], planted: `'{"so; so",sad}'` },
  {
    name: 'place',
    type: 'types.place',
    values: [`ROW('é ', 0.1, '{a}')`, 'ROW(NULL, NULL, NULL)', `ROW('', 0.2, NULL)`, 'NULL'],
    planted: `ROW('é ', 0.10000000000000002, '{a}')`,
  },
  { name: 'placenull', type: 'types.place', values: ['ROW(NULL, NULL, NULL)'], planted: 'NULL' },
  { name: 'intrange', type: 'int4range', values: ["'[1,5)'", "'empty'", "'(,)'", 'NULL'], planted: "'[1,6)'" },
  { name: 'span', type: 'types.span', values: ["'[0.1,0.2)'", "'empty'", "'(,0.3]'", 'NULL'], planted: "'[0.1,0.2]'" },
  { name: 'price', type: 'types.price', values: ['1.5', 'NULL'], planted: '1.5001' },
  { name: 'reading', type: 'types.reading', values: ["'0.1'", 'NULL'], planted: "'0.2'" },
  { name: 'oid', type: 'oid', values: ['4294967295', 'NULL'], planted: '4294967294' },
  { name: 'snapshot', type: 'txid_snapshot', values: ["'10:20:10,14'", 'NULL'], planted: "'10:20:10,15'" },
  { name: 'regtype', type: 'regtype', values: ["'int4'", 'NULL'], planted: "'int8'" },
];

/** The tables of all types; each value in a row of its own, in the order given. */
export const typesSql = (): string =>
  [
    TYPE_SETUP,
    ...TYPES.map(
      ({ name, type, values }) => `CREATE TABLE cases."${name}" (id int PRIMARY KEY, value ${type});
        INSERT INTO cases."${name}" VALUES ${values.map((value, at) => `(${at + 1}, ${value})`).join(', ')};`,
    ),
  ].join('\n');
