import { describe, expect, it } from 'vitest';
import type { ObjectRef } from '../../shared/model/catalog';
import {
  deleteScript,
  executeScript,
  filteredScript,
  insertScript,
  rowsScript,
  scriptColumn,
  selectColumnsScript,
  updateScript,
} from '../../shared/model/scripts';

const table: ObjectRef = { kind: 'table', oid: 1, schema: 'shop', name: 'Order"s', sub: 0 };
const id = { name: 'id', type: 'bigint', key: true, generated: false };
const total = { name: 'select', type: 'numeric(12,2)', key: false, generated: false };
const computed = { name: 'sum', type: 'integer', key: false, generated: true };

describe('scripts of a table', () => {
  it('name every column, quoted where it must be', () => {
    expect(selectColumnsScript(table, [id, total])).toBe('SELECT id,\n       "select"\n  FROM shop."Order""s";\n');
    expect(selectColumnsScript(table, [])).toBe('SELECT *\n  FROM shop."Order""s";\n');
  });

  it('leave blanks that say the type, and leave out what the server computes', () => {
    expect(insertScript(table, [id, computed])).toBe(
      'INSERT INTO shop."Order""s" (\n       id)\nVALUES (\n       /* id: bigint */);\n',
    );
    expect(insertScript(table, [computed])).toBe('INSERT INTO shop."Order""s" DEFAULT VALUES;\n');
    expect(updateScript(table, [id, total, computed])).toBe(
      'UPDATE shop."Order""s"\n   SET "select" = /* select: numeric(12,2) */\n WHERE id = /* id: bigint */;\n',
    );
    expect(deleteScript(table, [id, total])).toBe('DELETE FROM shop."Order""s"\n WHERE id = /* id: bigint */;\n');
    expect(filteredScript(table, [])).toContain('WHERE true');
  });

  it('the marks of the tree say what is a key and what the server computes', () => {
    const columns = [
      scriptColumn('id', 'bigint', 'pk-identity'),
      scriptColumn('sum', 'integer', 'generated'),
      scriptColumn('no', 'integer', 'identity'),
      scriptColumn('note', 'text', 'not-null'),
    ];
    expect(insertScript(table, columns)).toBe(
      'INSERT INTO shop."Order""s" (\n       note)\nVALUES (\n       /* note: text */);\n',
    );
    expect(updateScript(table, columns)).toBe(
      'UPDATE shop."Order""s"\n   SET note = /* note: text */\n WHERE id = /* id: bigint */;\n',
    );
    expect(scriptColumn('id', 'bigint', 'pk-generated')).toMatchObject({ key: true, generated: true });
    expect(scriptColumn('id', 'bigint', 'pk')).toMatchObject({ key: true, generated: false });
  });

  it('order rows by the key, backwards for the last ones', () => {
    expect(rowsScript(table, [id, total], { limit: 100, last: true })).toBe(
      'SELECT *\n  FROM shop."Order""s"\n ORDER BY id DESC\n LIMIT 100;\n',
    );
    expect(rowsScript(table, [total], { limit: null, last: false })).toBe('SELECT *\n  FROM shop."Order""s";\n');
  });

  it('an attack by a column or argument that ends the comment stays inside of it', () => {
    const evil = { name: 'x */ ; DROP TABLE y; /*', type: 'text', key: true, generated: false };
    const script = deleteScript(table, [evil]);
    expect(script.match(/\*\//g)).toHaveLength(2);
    expect(script).toContain('/* x * / ; DROP TABLE y; / *: text */');
    const call = executeScript({ ...table, kind: 'procedure', name: 'p' }, '("a */ ; DROP TABLE y" integer)');
    expect(call).toBe('CALL shop.p(/* "a * / ; DROP TABLE y" integer */);\n');
  });
});
