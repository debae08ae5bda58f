import type { SpotlightActionData, SpotlightActionGroupData } from '@mantine/spotlight';
import { IconAdjustments, IconHelpCircle, IconPencil, IconSql } from '@tabler/icons-react';
import type { TFunction } from 'i18next';
import { plainCommand, type PlainCommandName } from '../../shared/model/command';
import type { InstanceView } from '../../shared/model/instance';
import type { ServerView } from '../../shared/model/server';
import { LANGUAGES, THEMES } from '../../shared/model/settings';
import { api } from '../api';
import { presentError } from '../ui/error-presenter';
import { runCommand, runTabAction } from './commands';
import { currentDock } from './dock-api';
import { HELP_TOPICS } from './help/topics';
import { ACTION_ICONS, VIEW_ICONS } from './icons';
import { shortcutLabel } from './shortcuts';
import type { PaletteMode, TabState } from './store';
import type { TabContent } from './tabs';

const COMMANDS: readonly PlainCommandName[] = [
  'create-instance',
  'register-server',
  'import',
  'create-migration',
  'new-query',
  'open-file',
  'save-file',
  'show-history',
  'show-library',
  'show-dashboard',
  'open-terminal',
  'search-objects',
  'compare',
  'show-diagram',
  'show-instances',
  'show-networks',
  'show-migrations',
  'show-tasks',
  'show-settings',
  'show-shortcuts',
  'show-notifications',
  'new-window',
  'show-start',
  'show-explorer',
  'create-group',
  'refresh-tree',
  'toggle-theme',
  'close-tab',
  'show-help',
  'show-about',
];
const TAB_ACTIONS = ['split-tab', 'float-tab', 'detach-tab', 'next-tab', 'previous-tab'] as const;

const icon = (Icon: typeof IconSql) => <Icon size={16} stroke={1.5} aria-hidden />;

interface Sources {
  readonly t: TFunction<'app'>;
  readonly mode: PaletteMode;
  readonly servers: readonly ServerView[];
  readonly tabs: Readonly<Record<string, TabState>>;
  /** Those that the window has read so far; asking for them could start the control plane. */
  readonly instances: readonly InstanceView[];
  /** Counts the openings, so that the list is as fresh as the dock. */
  readonly opened: number;
}

export function paletteActions({ t, mode, servers, tabs, instances }: Sources): SpotlightActionGroupData[] {
  const queries: SpotlightActionData[] = servers.map((server) => ({
    id: `query ${server.id}`,
    label: t('palette.queryOn', { name: server.name }),
    description: `${server.database} · ${server.host}:${server.port}`,
    leftSection: icon(IconSql),
    onClick: () => runCommand({ do: 'open-query', serverId: server.id, database: server.database }),
  }));
  if (mode === 'new-query') return [{ group: t('palette.servers'), actions: queries }];
  if (mode !== 'all') {
    const choices = servers.map((server): SpotlightActionData => ({
      id: `${mode} ${server.id}`,
      label: server.name,
      description: `${server.database} · ${server.host}:${server.port}`,
      leftSection: icon(VIEW_ICONS[mode]),
      onClick: () => runCommand({ do: mode === 'dashboard' ? 'show-dashboard' : 'open-terminal', serverId: server.id }),
    }));
    return [{ group: t('palette.servers'), actions: choices }];
  }

  const open: SpotlightActionData[] = (currentDock()?.panels ?? []).map((panel) => {
    const content = panel.params?.['content'] as TabContent;
    return {
      id: `tab ${panel.id}`,
      label: tabs[panel.id]?.title ?? t(`tabs.${content.view}`),
      description: t('palette.switchTab'),
      leftSection: icon(VIEW_ICONS[content.view]),
      onClick: () => panel.api.setActive(),
    };
  });
  const edits: SpotlightActionData[] = servers.map((server) => ({
    id: `edit ${server.id}`,
    label: t('palette.editServer', { name: server.name }),
    description: `${server.user}@${server.host}`,
    leftSection: icon(IconPencil),
    onClick: () => runCommand({ do: 'edit-server', serverId: server.id }),
  }));
  const managed: SpotlightActionData[] = instances.map(({ plane, id, name }) => ({
    id: `instance ${plane} ${id}`,
    label: t('palette.manage', { name }),
    description: id,
    leftSection: icon(VIEW_ICONS.instance),
    onClick: () => runCommand({ do: 'show-instance', plane, id }),
  }));
  const actions: SpotlightActionData[] = [
    ...COMMANDS.map((name) => ({
      id: name,
      label: t(`commands.${name}`),
      leftSection: icon(ACTION_ICONS[name]),
      rightSection: <Keys action={name} />,
      onClick: () => runCommand(plainCommand(name)),
    })),
    ...TAB_ACTIONS.map((name) => ({
      id: name,
      label: t(`commands.${name}`),
      leftSection: icon(ACTION_ICONS[name]),
      rightSection: <Keys action={name} />,
      onClick: () => runTabAction(name),
    })),
  ];
  const settings: SpotlightActionData[] = [
    ...THEMES.map((theme) => ({
      id: `theme ${theme}`,
      label: t('palette.theme', { name: t(`themes.${theme}`) }),
      keywords: [t('palette.settings')],
      leftSection: icon(IconAdjustments),
      onClick: () => void api.settings.update({ theme }).catch(presentError),
    })),
    ...LANGUAGES.map((language) => ({
      id: `language ${language}`,
      label: t('palette.language', { name: t(`languages.${language}`) }),
      keywords: [t('palette.settings')],
      leftSection: icon(IconAdjustments),
      onClick: () => void api.settings.update({ language }).catch(presentError),
    })),
  ];
  const help: SpotlightActionData[] = HELP_TOPICS.map((topic) => ({
    id: `help ${topic}`,
    label: t(`help.topics.${topic}.title`),
    description: t(`help.topics.${topic}.lead`),
    keywords: [t('palette.help')],
    leftSection: icon(IconHelpCircle),
    onClick: () => runCommand({ do: 'show-help', topic }),
  }));
  return [
    { group: t('palette.actions'), actions },
    { group: t('palette.openTabs'), actions: open },
    { group: t('palette.servers'), actions: [...queries, ...edits] },
    { group: t('rail.instances'), actions: managed },
    { group: t('palette.settings'), actions: settings },
    { group: t('palette.help'), actions: help },
  ].filter((group) => group.actions.length > 0);
}

function Keys({ action }: { readonly action: string }) {
  const keys = shortcutLabel(action);
  return keys === '' ? null : <kbd>{keys}</kbd>;
}
