import {
  IconArrowBarRight,
  IconBinaryTree2,
  IconCloudPlus,
  IconDatabaseImport,
  IconFolderPlus,
  IconHelpCircle,
  IconHome,
  IconInfoCircle,
  IconLayoutColumns,
  IconListCheck,
  IconPictureInPicture,
  IconPlugConnected,
  IconRefresh,
  IconSearch,
  IconServer2,
  IconSettings,
  IconSql,
  IconSunMoon,
  IconTable,
  IconX,
} from '@tabler/icons-react';
import type { PlainCommandName } from '../../shared/model/command';
import type { TabAction } from '../../shared/model/keymap';
import type { TabContent } from './tabs';

/** One icon for one thing, wherever it is shown: rail, tabs, palette. */
export const VIEW_ICONS: Readonly<Record<TabContent['view'], typeof IconHome>> = {
  start: IconHome,
  instances: IconServer2,
  'create-instance': IconCloudPlus,
  settings: IconSettings,
  tasks: IconListCheck,
  help: IconHelpCircle,
  query: IconSql,
  object: IconTable,
  import: IconDatabaseImport,
};

export const ACTION_ICONS: Readonly<Record<PlainCommandName | TabAction, typeof IconHome>> = {
  'show-start': VIEW_ICONS.start,
  'show-instances': VIEW_ICONS.instances,
  'create-instance': VIEW_ICONS['create-instance'],
  'show-tasks': VIEW_ICONS.tasks,
  'show-settings': VIEW_ICONS.settings,
  'show-help': VIEW_ICONS.help,
  'show-about': IconInfoCircle,
  'show-palette': IconSearch,
  'show-explorer': IconBinaryTree2,
  'register-server': IconPlugConnected,
  'create-group': IconFolderPlus,
  import: VIEW_ICONS.import,
  'refresh-tree': IconRefresh,
  'toggle-theme': IconSunMoon,
  'close-tab': IconX,
  'new-query': VIEW_ICONS.query,
  'next-tab': IconArrowBarRight,
  'previous-tab': IconArrowBarRight,
  'split-tab': IconLayoutColumns,
  'float-tab': IconPictureInPicture,
  'next-region': IconArrowBarRight,
};
