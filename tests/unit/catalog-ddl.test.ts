import { describe, expect, it } from 'vitest';
import { privilegeStatements, type AclEntry } from '../../electron/features/catalog/ddl/acl';
import {
  attachmentStatements,
  foreignOptions,
  optionList,
  type Piece,
} from '../../electron/features/catalog/ddl/piece';
import { settingClause } from '../../electron/features/catalog/ddl/setting-text';
import { orderPieces } from '../../electron/features/catalog/ddl/piece-order';
import { sqlFor } from '../../electron/features/catalog/kinds/kind';
import { selectScript } from '../../shared/model/catalog-rules';
import { parseKindAndName, parseObjectName } from '../../shared/model/object-name';

const grant = (grantee: string, privilege: string, grantor = 'owner', grantable = false): AclEntry => ({
  grantee,
  grantor,
  privilege,
  grantable,
});

describe('privileges', () => {
  const defaults = [grant('owner', 'SELECT'), grant('owner', 'INSERT')];

  it('say nothing when nobody granted anything', () => {
    expect(privilegeStatements('TABLE t', { acl: null, defaults, owner: 'owner' })).toEqual([]);
    expect(privilegeStatements('TABLE t', { acl: defaults, defaults, owner: 'owner' })).toEqual([]);
  });

  it('revoke a lost default and grant what is left', () => {
    const acl = [grant('owner', 'SELECT')];
    expect(privilegeStatements('TABLE t', { acl, defaults, owner: 'owner' })).toEqual([
      'REVOKE ALL ON TABLE t FROM owner;',
      'GRANT SELECT ON TABLE t TO owner;',
    ]);
  });

  it('revoke everything of an empty list', () => {
    const usage = [grant('', 'EXECUTE')];
    expect(privilegeStatements('FUNCTION f()', { acl: [], defaults: usage, owner: 'owner' })).toEqual([
      'REVOKE ALL ON FUNCTION f() FROM PUBLIC;',
    ]);
  });

  it("grant under the grantor's name after the grant option that allows it", () => {
    const acl = [...defaults, grant('B b', 'SELECT', 'a'), grant('a', 'SELECT', 'owner', true)];
    expect(privilegeStatements('TABLE t', { acl, defaults, owner: 'owner' })).toEqual([
      'GRANT SELECT ON TABLE t TO a WITH GRANT OPTION;',
      'SET SESSION AUTHORIZATION a;',
      'GRANT SELECT ON TABLE t TO "B b";',
      'RESET SESSION AUTHORIZATION;',
    ]);
  });

  it('name the column of column privileges', () => {
    const acl = [grant('a', 'SELECT'), grant('a', 'UPDATE')];
    expect(privilegeStatements('TABLE t', { acl, defaults: [], owner: 'owner' }, '"C"')).toEqual([
      'GRANT SELECT ("C"), UPDATE ("C") ON TABLE t TO a;',
    ]);
  });
});

describe('options', () => {
  it('are quoted where they need it, and a hidden mark of the server is dropped', () => {
    expect(optionList(['pg_attver=7', 'n_distinct=-0.5', 'fillfactor=70', 'x=a b', 'Y=true'])).toBe(
      "n_distinct=-0.5, fillfactor=70, x='a b', \"Y\"='true'",
    );
    expect(optionList(['pg_attver=7'])).toBe('');
    expect(optionList(['autovacuum_enabled=off'], 'toast.')).toBe('toast.autovacuum_enabled=off');
  });

  it('of foreign objects are literals, and may hold an equals sign', () => {
    expect(foreignOptions(['query=a=b', "x=it's"])).toBe("query 'a=b', x 'it''s'");
  });
});

it('owner, comment, labels and privileges follow a definition in the order in which they work', () => {
  const labels = [{ provider: 'Selinux', label: "it's" }];
  const acl = { acl: [grant('a', 'USAGE')], defaults: [], owner: 'owner' };
  expect(attachmentStatements('TYPE t', { owner: 'owner', comment: 'c', labels, acl })).toEqual([
    'ALTER TYPE t OWNER TO owner;',
    "COMMENT ON TYPE t IS 'c';",
    `SECURITY LABEL FOR "Selinux" ON TYPE t IS 'it''s';`,
    'GRANT USAGE ON TYPE t TO a;',
  ]);
});

describe('settings of roles and databases', () => {
  it.each([
    ['search_path="$user", a, "b ""c"', `SET search_path TO '$user', 'a', 'b "c'`],
    ['search_path=""', "SET search_path TO ''"],
    ['work_mem=9MB', "SET work_mem TO '9MB'"],
    ["my.setting=a, it's=b", `SET "my.setting" TO 'a, it''s=b'`],
  ])('%s', (stored, clause) => {
    expect(settingClause(stored)).toBe(clause);
  });
});

describe('the order of a script', () => {
  const piece = (id: string, phase: number, needs: readonly string[] = []): Piece => ({
    id,
    phase,
    name: id,
    sql: id,
    needs,
    object: { kind: 'table', schema: '', name: id, table: null },
  });
  const ids = (pieces: readonly Piece[]): string => pieces.map(({ id }) => id).join(' ');

  it('is by phase and name where nothing else is known', () => {
    expect(ids(orderPieces([piece('b', 1), piece('z', 0), piece('a', 1)], new Map()).pieces)).toBe('z a b');
  });

  it('puts everything after what it needs, whatever its phase', () => {
    const pieces = [piece('table', 1, ['function']), piece('function', 9), piece('view', 2, ['table', 'nowhere'])];
    const { pieces: ordered, circular } = orderPieces(pieces, new Map([['function', new Set(['type'])]]));
    expect(ids(ordered)).toBe('function table view');
    expect(circular).toEqual([]);
  });

  it('says where things need each other, and loses none', () => {
    const { pieces, circular } = orderPieces(
      [piece('a', 1, ['b']), piece('b', 2, ['a']), piece('c', 3, ['b'])],
      new Map(),
    );
    expect(ids(pieces)).toBe('a b c');
    expect(circular).toEqual(['a']);
  });

  it('opens a circle where a piece has a placeholder, and replaces it as soon as it can', () => {
    const placeholder = { sql: 'shell', replacement: 'made' };
    const { pieces, circular } = orderPieces(
      [
        { ...piece('view', 8, ['function', 'table']), placeholder },
        piece('function', 4, ['view']),
        piece('table', 6),
        piece('last', 9, ['view', 'function']),
      ],
      new Map(),
    );
    expect(pieces.map(({ sql }) => sql)).toEqual(['table', 'shell', 'function', 'made', 'last']);
    expect(circular).toEqual([]);
  });

  it('is right for many pieces in any order of arrival', () => {
    const chain = Array.from({ length: 5000 }, (_, at) =>
      piece(`${at}`, (at * 7919) % 13, at === 0 ? [] : [`${at - 1}`]),
    );
    const { pieces } = orderPieces(
      chain.toSorted((a, b) => a.name.localeCompare(b.name)),
      new Map(),
    );
    expect(pieces.map(({ id }) => Number(id))).toEqual(chain.map((_, at) => at));
  });
});

describe('SQL by version', () => {
  it('is the newest that the server knows', () => {
    const versions = { 100000: 'ten', 140000: 'fourteen' };
    expect([sqlFor(versions, 100_023), sqlFor(versions, 130_001), sqlFor(versions, 180_004)]).toEqual([
      'ten',
      'ten',
      'fourteen',
    ]);
    expect(() => sqlFor(versions, 90_600)).toThrow('no SQL for server version 90600');
  });
});

describe('names on the command line', () => {
  const any = { kind: null, schema: null, of: null, types: null };
  it.each([
    ['public.orders', { ...any, schema: 'public', name: 'orders' }],
    ['orders', { ...any, name: 'orders' }],
    ['Public.Orders', { ...any, schema: 'Public', name: 'Orders' }],
    ['"a.b"."c""d"', { ...any, schema: 'a.b', name: 'c"d' }],
    ['shop.tax(numeric, numeric)', { ...any, schema: 'shop', name: 'tax', types: 'numeric, numeric' }],
    ['tax()', { ...any, name: 'tax', types: '' }],
    ['table:sales.orders', { ...any, kind: 'table', schema: 'sales', name: 'orders' }],
    ['function:public.total(integer)', { ...any, kind: 'function', schema: 'public', name: 'total', types: 'integer' }],
    ['role:"a:b c"', { ...any, kind: 'role', name: 'a:b c' }],
    ['nothing:orders', { ...any, name: 'nothing:orders' }],
    ['column:sales.orders.id', { ...any, kind: 'column', schema: 'sales', of: 'orders', name: 'id' }],
    ['trigger:orders."T.1"', { ...any, kind: 'trigger', of: 'orders', name: 'T.1' }],
    ['index:public.ie', { ...any, kind: 'index', of: 'public', name: 'ie' }],
    ['user-mapping:far.public', { ...any, kind: 'user-mapping', of: 'far', name: 'public' }],
    [
      'operator:public.<#(integer, text)',
      { ...any, kind: 'operator', schema: 'public', name: '<#', types: 'integer, text' },
    ],
    ['operator-class:s.ops USING btree', { ...any, kind: 'operator-class', schema: 's', name: 'ops', types: 'btree' }],
    ['cast:(text as integer)', { ...any, kind: 'cast', name: 'text AS integer' }],
    ['cast:character varying AS public."As As"', { ...any, kind: 'cast', name: 'character varying AS public."As As"' }],
    ['transform:(for rare.hstore language plperl)', { ...any, kind: 'transform', name: 'rare.hstore LANGUAGE plperl' }],
  ])('%s', (text, expected) => {
    expect(parseKindAndName(text)).toEqual(expected);
  });
  it.each(['', 'a.b.c', '"open', '.x', 'table:', 'table:a.b.c', 'column:a.b.c.d', 'cast:text', 'transform:x'])(
    'refuses %j',
    (text) => {
      expect(parseKindAndName(text)).toBeNull();
    },
  );
});

it('a name where no kind is asked for has none', () => {
  expect(parseObjectName('table:a.b')).toMatchObject({ kind: null, schema: 'table:a', name: 'b' });
});

it('the script of the first rows quotes names', () => {
  expect(selectScript({ kind: 'table', oid: 1, schema: 'My "s"', name: 'select', sub: 0 }, 100)).toBe(
    'SELECT *\n  FROM "My ""s"""."select"\n LIMIT 100;\n',
  );
});
