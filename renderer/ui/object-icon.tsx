import {
  IconBinaryTree,
  IconBolt,
  IconBracketsContain,
  IconColumns,
  IconCube,
  IconDatabase,
  IconEye,
  IconEyeTable,
  IconFolder,
  IconFunction,
  IconKey,
  IconLink,
  IconListNumbers,
  IconPackage,
  IconPlugConnected,
  IconServer2,
  IconShieldCheck,
  IconSitemap,
  IconSquareRoundedLetterT,
  IconStack2,
  IconSum,
  IconTable,
  IconTableAlias,
  IconTerminal2,
  IconUser,
  IconUsers,
  type Icon,
} from '@tabler/icons-react';
import type { FolderKind, ObjectKind } from '../../shared/model/catalog';

const KIND_ICONS: Readonly<Record<ObjectKind, Icon>> = {
  database: IconDatabase,
  role: IconUser,
  tablespace: IconStack2,
  schema: IconSitemap,
  table: IconTable,
  'foreign-table': IconTableAlias,
  view: IconEye,
  'materialized-view': IconEyeTable,
  sequence: IconListNumbers,
  function: IconFunction,
  procedure: IconTerminal2,
  aggregate: IconSum,
  'trigger-function': IconPlugConnected,
  type: IconSquareRoundedLetterT,
  domain: IconBracketsContain,
  extension: IconPackage,
  column: IconColumns,
  constraint: IconShieldCheck,
  index: IconBinaryTree,
  trigger: IconBolt,
};

const MARK_ICONS: Readonly<Record<string, Icon>> = {
  'role:group': IconUsers,
  'column:pk': IconKey,
  'column:fk': IconLink,
  'constraint:pk': IconKey,
  'constraint:fk': IconLink,
  'index:pk': IconKey,
};

const FOLDER_ICONS: Readonly<Record<FolderKind, Icon>> = {
  databases: IconDatabase,
  roles: IconUsers,
  tablespaces: IconStack2,
  schemas: IconSitemap,
  extensions: IconPackage,
  tables: IconTable,
  'foreign-tables': IconTableAlias,
  views: IconEye,
  'materialized-views': IconEyeTable,
  sequences: IconListNumbers,
  functions: IconFunction,
  types: IconSquareRoundedLetterT,
  domains: IconBracketsContain,
  columns: IconColumns,
  constraints: IconShieldCheck,
  indexes: IconBinaryTree,
  triggers: IconBolt,
  partitions: IconCube,
};

/** The one icon of an object kind everywhere; `mark` chooses its variant. */
export function ObjectIcon({ kind, mark = '' }: { readonly kind: ObjectKind; readonly mark?: string }) {
  const Shown = MARK_ICONS[`${kind}:${mark}`] ?? KIND_ICONS[kind];
  return <Shown size={16} stroke={1.5} aria-hidden />;
}

export function FolderIcon({ folder }: { readonly folder: FolderKind | 'group' | 'servers' }) {
  const Shown = folder === 'group' ? IconFolder : folder === 'servers' ? IconServer2 : FOLDER_ICONS[folder];
  return <Shown size={16} stroke={1.5} aria-hidden />;
}
