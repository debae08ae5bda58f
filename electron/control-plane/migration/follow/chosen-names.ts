import type { DatabaseChoice } from '../../../../shared/model/migration';
import { scopeOf } from '../plan/scope';
import type { SchemaNames } from './ddl/schema-names';
import type { NewcomerNames } from './newcomers';

/** Names that a person has chosen, for what appears while changes are followed. */
export function namesOf(choice: DatabaseChoice): SchemaNames {
  const scope = scopeOf(choice);
  const renamed = choice.schemas.flatMap(({ name, newName, tables }) => [
    ...(newName === '' || newName === name ? [] : [name]),
    ...tables.flatMap((table) => (table.newName === '' || table.newName === table.name ? [] : [table.name])),
  ]);
  return {
    schema: (name) => (scope.hasSchema(name) ? scope.targetSchema(name) : undefined),
    joins: (schema) => scope.wholeSchema(schema),
    changed: new Set(renamed),
  };
}

/** Where a table goes that appears while changes are followed; undefined: it is not of the task. */
export function placesOf(choice: DatabaseChoice): NewcomerNames {
  const scope = scopeOf(choice);
  return {
    place(schema, name) {
      if (!scope.has('table', schema, name)) return undefined;
      const wished = scope.table(schema, name)?.newName ?? '';
      return { schema: scope.targetSchema(schema), name: wished === '' ? name : wished };
    },
  };
}
