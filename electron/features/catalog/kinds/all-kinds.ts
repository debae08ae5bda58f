import type { FolderKind, ObjectKind } from '../../../../shared/model/catalog';
import { columns } from './columns';
import { constraints } from './constraints';
import { databases } from './databases';
import { domains } from './domains';
import { extensions } from './extensions';
import { foreignTables } from './foreign-tables';
import { functions } from './functions';
import { indexes } from './indexes';
import type { KindDefinition, PropertiesDefinition } from './kind';
import { materializedViews } from './materialized-views';
import { roles } from './roles';
import { schemas } from './schemas';
import { sequences } from './sequences';
import { partitions, tables } from './tables';
import { tablespaces } from './tablespaces';
import { triggers } from './triggers';
import { types } from './types';
import { views } from './views';

/** Every folder of the tree with what it lists. A folder without an entry is a compile error. */
export const KINDS: Readonly<Record<FolderKind, KindDefinition>> = {
  databases,
  roles,
  tablespaces,
  schemas,
  extensions,
  tables,
  partitions,
  'foreign-tables': foreignTables,
  views,
  'materialized-views': materializedViews,
  sequences,
  functions,
  types,
  domains,
  columns,
  constraints,
  indexes,
  triggers,
};

/** How the facts of an object are asked for; null when the kind has none. */
export function propertiesOf(kind: ObjectKind): PropertiesDefinition | null {
  for (const definition of Object.values(KINDS)) {
    const found = definition.properties[kind];
    if (found) return found;
  }
  return null;
}
