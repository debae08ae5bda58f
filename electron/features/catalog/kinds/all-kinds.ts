import type { FolderKind, ObjectKind } from '../../../../shared/model/catalog';
import type { KindDefinition, PropertiesDefinition } from './kind';
import { accessMethods } from './access-methods';
import { casts } from './casts';
import { collations } from './collations';
import { columns } from './columns';
import { constraints, domainConstraints } from './constraints';
import { conversions } from './conversions';
import { databases } from './databases';
import { domains } from './domains';
import { eventTriggers } from './event-triggers';
import { extensions } from './extensions';
import { foreignDataWrappers } from './foreign-data-wrappers';
import { foreignServers, userMappings } from './foreign-servers';
import { foreignTables } from './foreign-tables';
import { aggregates } from './aggregates';
import { functions, procedures, triggerFunctions } from './functions';
import { indexes } from './indexes';
import { languages } from './languages';
import { materializedViews } from './materialized-views';
import { operatorClasses } from './operator-classes';
import { operatorFamilies } from './operator-families';
import { operators } from './operators';
import { policies } from './policies';
import { publications } from './publications';
import { replicas } from './replicas';
import { roles } from './roles';
import { rules } from './rules';
import { catalogs, schemas } from './schemas';
import { sequences } from './sequences';
import { statisticsObjects } from './statistics-objects';
import { subscriptions } from './subscriptions';
import { partitions, tables } from './tables';
import { tablespaces } from './tablespaces';
import {
  textSearchConfigurations,
  textSearchDictionaries,
  textSearchParsers,
  textSearchTemplates,
} from './text-search';
import { transforms } from './transforms';
import { triggers } from './triggers';
import { types } from './types';
import { views } from './views';

/** Every folder of the tree with what it lists. A folder without an entry is a compile error. */
export const KINDS: Readonly<Record<FolderKind, KindDefinition>> = {
  databases,
  roles,
  tablespaces,
  replicas,
  schemas,
  catalogs,
  extensions,
  casts,
  transforms,
  'access-methods': accessMethods,
  'event-triggers': eventTriggers,
  'foreign-data-wrappers': foreignDataWrappers,
  'foreign-servers': foreignServers,
  'user-mappings': userMappings,
  languages,
  publications,
  subscriptions,
  tables,
  'foreign-tables': foreignTables,
  views,
  'materialized-views': materializedViews,
  sequences,
  functions,
  procedures,
  aggregates,
  'trigger-functions': triggerFunctions,
  types,
  domains,
  'domain-constraints': domainConstraints,
  collations,
  conversions,
  operators,
  'operator-classes': operatorClasses,
  'operator-families': operatorFamilies,
  'text-search-configurations': textSearchConfigurations,
  'text-search-dictionaries': textSearchDictionaries,
  'text-search-parsers': textSearchParsers,
  'text-search-templates': textSearchTemplates,
  'statistics-objects': statisticsObjects,
  columns,
  constraints,
  indexes,
  triggers,
  rules,
  policies,
  partitions,
};

/** How the facts of an object are asked for; null when the kind has none. */
export function propertiesOf(kind: ObjectKind): PropertiesDefinition | null {
  for (const definition of Object.values(KINDS)) {
    const found = definition.properties[kind];
    if (found) return found;
  }
  return null;
}
