import { describe, expect, it } from 'vitest';
import { AppError } from '../../shared/errors';
import { cardinality, EMPTY_DIAGRAM, type Diagram, type DiagramTable } from '../../shared/model/diagram';
import { changeSql, changesOf } from '../../shared/model/diagram-changes';
import { readDocument, writeDocument } from '../../shared/model/diagram-document';
import {
  duplicateTable,
  moveItems,
  plainRelation,
  putRelation,
  putTable,
  relate,
  relateManyToMany,
  removeItems,
} from '../../shared/model/diagram-edits';
import { isDirty, markSaved, redo, startHistory, step, undo } from '../../shared/model/diagram-history';
import { mergeRead } from '../../shared/model/diagram-merge';
import { createSql, dependencyOrder } from '../../shared/model/diagram-sql';

const table = (id: string, columns: string[] = ['id'], more: Partial<DiagramTable> = {}): DiagramTable => ({
  id,
  schema: 'public',
  name: id,
  comment: '',
  columns: columns.map((name) => ({
    id: `${id}.${name}`,
    name,
    type: 'integer',
    notNull: name === 'id',
    default: '',
    source: '',
    comment: '',
  })),
  primaryKey: { id: `${id}.pk`, name: `${id}_pkey`, columns: [`${id}.id`] },
  uniques: [],
  partitionBy: '',
  partitions: 0,
  colour: 'none',
  x: 0,
  y: 0,
  ...more,
});
const diagramOf = (...tables: DiagramTable[]): Diagram => ({ ...EMPTY_DIAGRAM, tables });
const counter = () => {
  let made = 0;
  return () => `new${(made += 1)}`;
};
const find = (diagram: Diagram, name: string): DiagramTable => {
  const found = diagram.tables.find((each) => each.name === name);
  if (!found) throw new Error(`no ${name}`);
  return found;
};
const tie = (id: string, from: string, to: string) => ({
  ...plainRelation(id, from, to, [{ from: `${from}.${to}_id`, to: `${to}.id` }]),
  name: id,
});

describe('edits', () => {
  it('one-to-many adds a column that refers; one-to-one makes it unique', () => {
    const [author, book] = [table('author'), table('book')];
    const many = relate(diagramOf(author, book), book, author, { required: false, only: false }, counter());
    expect(find(many, 'book').columns.map(({ name, notNull }) => [name, notNull])).toEqual([
      ['id', true],
      ['author_id', false],
    ]);
    const [relation] = many.relations;
    if (!relation) throw new Error('no relation');
    expect(cardinality(relation, find(many, 'book'))).toEqual({ from: 'zero-or-many', to: 'zero-or-one' });
    const one = relate(diagramOf(author, book), book, author, { required: true, only: true }, counter());
    const [only] = one.relations;
    if (!only) throw new Error('no relation');
    expect(cardinality(only, find(one, 'book'))).toEqual({ from: 'zero-or-one', to: 'one' });
  });

  it('many-to-many makes a table between, also of a table with itself', () => {
    const person = table('person');
    const next = relateManyToMany(diagramOf(person), person, person, { x: 8, y: 16 }, counter());
    const join = find(next, 'person_person');
    expect(join.columns.map(({ name }) => name)).toEqual(['person_id', 'person_id_2']);
    expect(join.primaryKey?.columns).toEqual(join.columns.map(({ id }) => id));
    expect(next.relations).toHaveLength(2);
  });

  it('a copy has its own name, columns and keys', () => {
    const start = diagramOf(table('a', ['id', 'x'], { uniques: [{ id: 'u', name: 'a_x_key', columns: ['a.x'] }] }));
    const copy = duplicateTable(start, find(start, 'a'), counter());
    expect(copy.name).toBe('a_2');
    const both = putTable(start, copy);
    expect(readDocument(writeDocument(both))).toEqual(both);
    expect(copy.primaryKey).toMatchObject({ name: '', columns: [copy.columns[0]?.id] });
    expect(copy.uniques[0]?.columns).toEqual([copy.columns[1]?.id]);
  });

  it('a table that goes takes its relations; a column that goes takes keys and relations', () => {
    const start = putRelation(diagramOf(table('a'), table('b', ['id', 'a_id'])), tie('r', 'b', 'a'));
    expect(removeItems(start, new Set(['a'])).relations).toEqual([]);
    const less = putTable(start, { ...table('b'), columns: [] });
    expect(less.relations).toEqual([]);
    expect(find(less, 'b').primaryKey).toBeNull();
  });

  it('undo and redo go both ways, and what is saved is not dirty', () => {
    const first = diagramOf(table('a'));
    const second = moveItems(first, new Set(['a']), 8, 0);
    let history = step(startHistory(first), second);
    expect(isDirty(history)).toBe(true);
    expect(isDirty(undo(history))).toBe(false);
    expect(redo(undo(history)).present).toBe(second);
    history = markSaved(history, second);
    expect(isDirty(history)).toBe(false);
    expect(isDirty(undo(history))).toBe(true);
    expect(undo(undo(undo(history))).present).toBe(first);
    expect(step(undo(history), moveItems(first, new Set(['a']), 1, 1)).future).toEqual([]);
  });

  it('what is read again joins what is there without bringing back what was removed', () => {
    const [a, b, c] = [table('a'), table('b', ['id', 'a_id']), table('c', ['id', 'b_id'])];
    const relations = [tie('r', 'b', 'a')];
    const start: Diagram = { ...diagramOf(a, b), relations, baseline: { tables: [a, b], relations } };
    const without = removeItems(start, new Set(['r']));
    const read: Diagram = {
      ...diagramOf(b, c, a),
      relations: [...relations, tie('s', 'c', 'b')],
      baseline: { tables: [a, b, c], relations: [...relations, tie('s', 'c', 'b')] },
    };
    const merged = mergeRead(without, read);
    expect(merged.tables.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(merged.relations.map(({ id }) => id)).toEqual(['s']);
    expect(changeSql(merged, 'x')).toBe('ALTER TABLE public.b DROP CONSTRAINT r;\n');
    expect(mergeRead(merged, read)).toBe(merged);
  });
});

describe('the SQL of a diagram', () => {
  it('names what is referred to first, and cycles end', () => {
    const tables = [table('c', ['id', 'b_id']), table('b', ['id', 'a_id']), table('a', ['id', 'c_id'])];
    const relations = [tie('1', 'c', 'b'), tie('2', 'b', 'a')];
    expect(dependencyOrder({ tables, relations }).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    const cycle = [...relations, tie('3', 'a', 'c')];
    expect(dependencyOrder({ tables, relations: cycle })).toHaveLength(3);
    const sql = createSql({ tables, relations: cycle });
    expect(sql.lastIndexOf('CREATE TABLE')).toBeLessThan(sql.indexOf('ALTER TABLE'));
  });

  it('a chain of ten thousand tables does not exhaust the stack', () => {
    const tables = Array.from({ length: 10_000 }, (_, n) => table(`t${n}`, ['id', `t${n + 1}_id`]));
    const relations = tables.slice(1).map((_, n) => tie(`r${n}`, `t${n}`, `t${n + 1}`));
    expect(dependencyOrder({ tables, relations })[0]?.id).toBe('t9999');
  });

  it('a name that tries to end its statement stays a name', () => {
    const evil = 'x"; DROP TABLE users; --\n';
    const sql = createSql(
      diagramOf(table('t', ['id'], { name: evil, schema: evil, comment: `'; DROP TABLE users; --\\` })),
    );
    expect(sql).toContain(`CREATE TABLE "x""; DROP TABLE users; --\n"."x""; DROP TABLE users; --\n"`);
    expect(sql).toContain(`IS E'''; DROP TABLE users; --\\\\';`);
  });

  it('a default that ends in a comment does not swallow what follows', () => {
    const commented = table('t');
    const [id] = commented.columns;
    if (!id) throw new Error('no column');
    const sql = createSql(diagramOf({ ...commented, columns: [{ ...id, default: '1 -- one' }] }));
    expect(sql).toContain('DEFAULT 1 -- one\n NOT NULL');
  });

  it('tables that swap names go over a third name; dropped things are marked', () => {
    const [a, b, c] = [table('a'), table('b'), table('c')];
    const baseline = { tables: [a, b, c], relations: [] };
    const changed: Diagram = { ...diagramOf({ ...a, name: 'b' }, { ...b, name: 'a' }), baseline };
    expect(changesOf(changed).map(({ sql }) => sql)).toEqual([
      'DROP TABLE public.c;',
      'ALTER TABLE public.a RENAME TO "howdah renames 0";',
      'ALTER TABLE public.b RENAME TO "howdah renames 1";',
      'ALTER TABLE public."howdah renames 0" RENAME TO b;',
      'ALTER TABLE public."howdah renames 1" RENAME TO a;',
    ]);
    expect(changeSql(changed, 'loses\ndata; DROP')).toMatch(/^-- loses data; DROP\nDROP TABLE/);
  });

  it('a column that is made anew gets its keys, relations and comment back', () => {
    const a = table('a', ['id', 'code']);
    const stored = (expression: string): DiagramTable => ({
      ...a,
      columns: a.columns.map((column) =>
        column.name === 'code' ? { ...column, source: 'stored', default: expression, comment: 'kept' } : column,
      ),
      uniques: [{ id: 'a.u', name: 'a_code_key', columns: ['a.code'] }],
    });
    const b = table('b', ['id', 'a_code']);
    const relations = [{ ...plainRelation('r', 'b', 'a', [{ from: 'b.a_code', to: 'a.code' }]), name: 'r' }];
    const baseline = { tables: [stored('id + 1'), b], relations };
    const changed: Diagram = { ...diagramOf(stored('id + 2'), b), relations, baseline };
    expect(changesOf(changed).map(({ sql }) => sql)).toEqual([
      'ALTER TABLE public.b DROP CONSTRAINT r;',
      'ALTER TABLE public.a DROP CONSTRAINT a_code_key;',
      'ALTER TABLE public.a DROP COLUMN code;',
      'ALTER TABLE public.a ADD COLUMN code integer GENERATED ALWAYS AS (id + 2) STORED;',
      'ALTER TABLE public.a ADD CONSTRAINT a_code_key UNIQUE (code);',
      'ALTER TABLE public.b ADD CONSTRAINT r FOREIGN KEY (a_code) REFERENCES public.a (code);',
      "COMMENT ON COLUMN public.a.code IS 'kept';",
    ]);
    expect(changesOf({ ...changed, ...baseline })).toEqual([]);
  });
});

describe('the document', () => {
  const diagram = putRelation(diagramOf(table('a'), table('b', ['id', 'a_id'])), tie('r', 'b', 'a'));
  const failure = (text: string): string => {
    try {
      readDocument(text);
    } catch (error) {
      if (error instanceof AppError) return error.info.code;
      throw error;
    }
    return 'none';
  };

  it('comes back as it was', () => {
    expect(readDocument(writeDocument(diagram))).toEqual(diagram);
  });

  it('garbage, half a file, another format and dangling keys are refused', () => {
    const text = writeDocument(diagram);
    for (const bad of [
      '',
      'null',
      text.slice(0, 200),
      text.replace('howdah-diagram', 'pgerd'),
      text.replace('"to": "a"', '"to": "nowhere"'),
      text.replace('"b.id"', '"gone"'),
      text.replace('"id": "r"', '"id": "a"'),
      text.replace('"x": 0', '"x": 1e99'),
    ]) {
      expect(failure(bad)).toBe('invalid-input');
    }
    expect(failure(text.replace('"version": 1', '"version": 2'))).toBe('unsupported');
  });
});
