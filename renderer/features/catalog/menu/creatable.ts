import type { FolderKind, ObjectKind, ObjectRef } from '../../../../shared/model/catalog';
import { foldersOf, isOfServer } from '../../../../shared/model/catalog-rules';
import type { AnyForm } from '../../../../shared/model/form';
import { formsOf } from '../../../../shared/model/forms/all-forms';

/** What a folder holds; folders that only the server fills are not here. */
const KIND_OF_FOLDER: Readonly<Partial<Record<FolderKind, ObjectKind>>> = {
  databases: 'database',
  roles: 'role',
  tablespaces: 'tablespace',
  schemas: 'schema',
  extensions: 'extension',
  casts: 'cast',
  transforms: 'transform',
  'access-methods': 'access-method',
  'event-triggers': 'event-trigger',
  'foreign-data-wrappers': 'foreign-data-wrapper',
  'foreign-servers': 'foreign-server',
  'user-mappings': 'user-mapping',
  languages: 'language',
  publications: 'publication',
  subscriptions: 'subscription',
  tables: 'table',
  partitions: 'table',
  'foreign-tables': 'foreign-table',
  views: 'view',
  'materialized-views': 'materialized-view',
  sequences: 'sequence',
  functions: 'function',
  procedures: 'procedure',
  aggregates: 'aggregate',
  'trigger-functions': 'trigger-function',
  types: 'type',
  domains: 'domain',
  'domain-constraints': 'constraint',
  collations: 'collation',
  conversions: 'conversion',
  operators: 'operator',
  'operator-classes': 'operator-class',
  'operator-families': 'operator-family',
  'text-search-configurations': 'text-search-configuration',
  'text-search-dictionaries': 'text-search-dictionary',
  'text-search-parsers': 'text-search-parser',
  'text-search-templates': 'text-search-template',
  'statistics-objects': 'statistics-object',
  columns: 'column',
  constraints: 'constraint',
  indexes: 'index',
  triggers: 'trigger',
  rules: 'rule',
  policies: 'policy',
};

/** The kind of a folder's things as its title says it; undefined for mixed ones. */
export const kindOfFolder = (folder: FolderKind): ObjectKind | undefined => KIND_OF_FOLDER[folder];

/** Folder that things of a kind stand in. */
export const folderOfKind = (kind: ObjectKind): FolderKind | undefined => {
  for (const folder of Object.keys(KIND_OF_FOLDER) as FolderKind[]) if (KIND_OF_FOLDER[folder] === kind) return folder;
  return undefined;
};

function belongs(form: AnyForm, folder: FolderKind, parent: ObjectKind | null): boolean {
  const { variant } = form;
  if (folder === 'partitions') return variant === 'partition';
  if (folder === 'tables') return variant !== 'partition';
  if (folder === 'domain-constraints') return variant.startsWith('domain');
  if (folder !== 'constraints') return true;
  return !variant.startsWith('domain') && (parent !== 'foreign-table' || variant === 'check');
}

/** Columns of views come from their query. */
const canHold = (folder: FolderKind, parent: ObjectKind | null): boolean =>
  folder !== 'columns' || parent === 'table' || parent === 'foreign-table';

/** The dialogs that make a thing in a folder of something, as far as the server knows it. */
export function formsForFolder(folder: FolderKind, parent: ObjectKind | null, version: number): readonly AnyForm[] {
  const kind = kindOfFolder(folder);
  if (kind === undefined || !canHold(folder, parent)) return [];
  return formsOf(kind).filter((form) => (form.since ?? 0) <= version && belongs(form, folder, parent));
}

/** The same for a folder of the tree; nothing is made in the schemas of the server. */
export const formsWithin = (folder: FolderKind, parent: ObjectRef | null, version: number): readonly AnyForm[] =>
  parent !== null && isOfServer(parent) ? [] : formsForFolder(folder, parent?.kind ?? null, version);

/** Everything that can be made under an object; `mark` tells whether a table has partitions. */
export function formsUnder(kind: ObjectKind | 'server', mark: string, version: number): readonly AnyForm[] {
  return foldersOf(kind)
    .filter((folder) => folder !== 'partitions' || mark === 'partitioned')
    .flatMap((folder) => formsForFolder(folder, kind === 'server' ? null : kind, version));
}
