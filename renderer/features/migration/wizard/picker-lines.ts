import type { ObjectSelection } from '../../../../shared/model/migration';
import type { EndpointObject, EndpointObjects } from '../../../../shared/model/migration-api';
import type { TreeLine } from '../../../ui/tree/tree-model';
import { databaseTick, findDatabase, groupOf, GROUPS, schemaTicks, type Group, type Tick } from './selection';
import { keyOf } from './selection-rules';

/** The lines of the source's tree: pure. */

export interface SourceDatabase {
  readonly name: string;
  readonly bytes: number;
  /** Null until it was opened. */
  readonly objects: EndpointObjects | null;
  readonly busy: boolean;
  readonly error: unknown;
}

interface LineFacts {
  readonly database: string;
  readonly name: string;
  readonly tick: Tick;
  readonly bytes: number;
  /** Estimate; 0 is not told. */
  readonly rows: number;
}

export type PickerLine = TreeLine &
  (
    | (LineFacts & { readonly kind: 'database' })
    | (LineFacts & { readonly kind: 'schema'; readonly schema: string })
    | (LineFacts & { readonly kind: 'group'; readonly schema: string; readonly group: Group; readonly count: number })
    | (LineFacts & {
        readonly kind: 'object';
        readonly schema: string;
        readonly group: Group;
        readonly object: EndpointObject['kind'];
      })
    | {
        readonly kind: 'busy' | 'failed' | 'empty';
        readonly database: string;
        readonly name: string;
        readonly error: unknown;
      }
  );

export interface PickerView {
  readonly search: string;
  /** Keys of the lines that are open. */
  readonly open: ReadonlySet<string>;
}

interface Branch {
  readonly schema: string;
  readonly groups: readonly { readonly group: Group; readonly objects: readonly EndpointObject[] }[];
  readonly bytes: number;
  readonly rows: number;
}

const sum = (objects: readonly EndpointObject[], of: 'bytes' | 'rows'): number =>
  objects.reduce((total, each) => total + each[of], 0);

/** What of a database is shown: the whole, or what the words are part of. */
function branchesOf({ schemas }: EndpointObjects, words: string): Branch[] {
  return schemas.flatMap(({ name, objects }): Branch[] => {
    const whole = words === '' || name.toLowerCase().includes(words);
    const shown = whole ? objects : objects.filter((each) => `${name}.${each.name}`.toLowerCase().includes(words));
    if (!whole && shown.length === 0) return [];
    const byGroup = new Map<Group, EndpointObject[]>(GROUPS.map((group) => [group, []]));
    for (const each of shown) byGroup.get(groupOf(each))?.push(each);
    return [
      {
        schema: name,
        groups: GROUPS.map((group) => ({ group, objects: byGroup.get(group) ?? [] })).filter(
          (each) => each.objects.length > 0,
        ),
        bytes: sum(objects, 'bytes'),
        rows: sum(objects, 'rows'),
      },
    ];
  });
}

/** Opens and closes what a person clicks; while searching everything that was found stands open. */
export function pickerLines(
  databases: readonly SourceDatabase[],
  selection: ObjectSelection,
  { search, open }: PickerView,
): PickerLine[] {
  const words = search.trim().toLowerCase();
  const searching = words !== '';
  const shown = databases.flatMap((database) => {
    const named = database.name.toLowerCase().includes(words);
    const branches = database.objects ? branchesOf(database.objects, named ? '' : words) : [];
    return named || branches.length > 0 ? [{ database, branches, matched: searching && !named }] : [];
  });
  const lines: PickerLine[] = [];
  shown.forEach(({ database, branches, matched }, at) => {
    const { name } = database;
    const key = keyOf(name);
    const expanded = matched || open.has(key);
    const choice = findDatabase(selection, name);
    lines.push({
      kind: 'database',
      key,
      level: 1,
      expandable: true,
      expanded,
      position: at + 1,
      siblings: shown.length,
      database: name,
      name,
      tick: databaseTick(selection, name),
      bytes: database.bytes,
      rows: 0,
    });
    if (!expanded) return;
    const note = database.busy ? 'busy' : database.error === null ? 'empty' : 'failed';
    if (branches.length === 0) {
      lines.push({
        kind: note,
        key: keyOf(name, '', note),
        level: 2,
        expandable: false,
        expanded: false,
        position: 1,
        siblings: 1,
        database: name,
        name: '',
        error: database.error,
      });
      return;
    }
    branches.forEach((branch, place) => {
      const schemaKey = keyOf(name, branch.schema);
      const ticks = schemaTicks(choice, branch.schema);
      const schemaOpen = matched || open.has(schemaKey);
      lines.push({
        kind: 'schema',
        key: schemaKey,
        level: 2,
        expandable: branch.groups.length > 0,
        expanded: schemaOpen && branch.groups.length > 0,
        position: place + 1,
        siblings: branches.length,
        database: name,
        schema: branch.schema,
        name: branch.schema,
        tick: ticks.schema,
        bytes: branch.bytes,
        rows: branch.rows,
      });
      if (!schemaOpen) return;
      branch.groups.forEach(({ group, objects }, index) => {
        const groupKey = keyOf(name, branch.schema, group);
        const ticked = objects.filter((each) => ticks.has(group, each.name)).length;
        const groupOpen = matched || open.has(groupKey);
        lines.push({
          kind: 'group',
          key: groupKey,
          level: 3,
          expandable: true,
          expanded: groupOpen,
          position: index + 1,
          siblings: branch.groups.length,
          database: name,
          schema: branch.schema,
          group,
          name: group,
          count: objects.length,
          tick: ticked === 0 ? 'none' : ticked === objects.length ? 'all' : 'some',
          bytes: sum(objects, 'bytes'),
          rows: sum(objects, 'rows'),
        });
        if (!groupOpen) return;
        objects.forEach((each, order) =>
          lines.push({
            kind: 'object',
            key: keyOf(name, branch.schema, group, each.name),
            level: 4,
            expandable: false,
            expanded: false,
            position: order + 1,
            siblings: objects.length,
            database: name,
            schema: branch.schema,
            group,
            object: each.kind,
            name: each.name,
            tick: ticks.has(group, each.name) ? 'all' : 'none',
            bytes: each.bytes,
            rows: each.rows,
          }),
        );
      });
    });
  });
  return lines;
}

/** A line of the other pane: what was chosen, and how it is called on the target. */
export interface ChosenLine {
  readonly key: string;
  readonly kind: 'database' | 'schema' | Group;
  readonly level: number;
  readonly database: string;
  readonly schema: string;
  readonly name: string;
  readonly newName: string;
  /** Null where rows cannot be filtered. */
  readonly rowFilter: string | null;
  /** It travels with everything in it. */
  readonly whole: boolean;
  /** Taking the line away leaves the object chosen: only what was said about it goes. */
  readonly remark: boolean;
}

export function chosenLines(selection: ObjectSelection, search: string): ChosenLine[] {
  const words = search.trim().toLowerCase();
  const lines: ChosenLine[] = [];
  for (const database of selection.databases) {
    const at = database.name;
    lines.push({
      key: keyOf(at),
      kind: 'database',
      level: 1,
      database: at,
      schema: '',
      name: at,
      newName: database.newName,
      rowFilter: null,
      whole: database.mode === 'all',
      remark: false,
    });
    for (const schema of database.schemas) {
      lines.push({
        key: keyOf(at, schema.name),
        kind: 'schema',
        level: 2,
        database: at,
        schema: schema.name,
        name: schema.name,
        newName: schema.newName,
        rowFilter: null,
        whole: schema.mode === 'all',
        remark: database.mode === 'all',
      });
      for (const table of schema.tables)
        lines.push({
          key: keyOf(at, schema.name, 'tables', table.name),
          kind: 'tables',
          level: 3,
          database: at,
          schema: schema.name,
          ...table,
          whole: false,
          remark: schema.mode === 'all',
        });
      for (const kind of ['views', 'functions', 'sequences'] as const)
        for (const name of schema[kind])
          lines.push({
            key: keyOf(at, schema.name, kind, name),
            kind,
            level: 3,
            database: at,
            schema: schema.name,
            name,
            newName: '',
            rowFilter: null,
            whole: false,
            remark: false,
          });
    }
  }
  if (words === '') return lines;
  return lines.filter(({ name, newName, level }) => level < 3 || `${name} ${newName}`.toLowerCase().includes(words));
}
