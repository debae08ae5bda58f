import { IconAdjustments, IconHelpCircle, IconPencil, IconPlayerPlay, IconSql } from '@tabler/icons-react';
import type { TFunction } from 'i18next';
import type { ReactNode } from 'react';
import { ACTION_AREAS } from '../../../shared/model/keymap';
import type { InstanceView } from '../../../shared/model/instance';
import type { ServerView } from '../../../shared/model/server';
import { CONTRASTS, LANGUAGES, THEMES, type Settings } from '../../../shared/model/settings';
import { api } from '../../api';
import { SETTING_ROWS } from '../../features/settings/rows';
import { presentError } from '../../ui/error-presenter';
import { visibleText } from '../../ui/visible-text';
import { runCommand } from '../commands';
import { currentDock } from '../dock-api';
import { HELP_TOPICS } from '../help/topics';
import { ACTION_ICONS, VIEW_ICONS } from '../icons';
import { knownMacros } from '../macros';
import { runShellAction } from '../shortcuts';
import type { PaletteMode, TabState } from '../store';
import { tabActions } from '../tab-offers';
import type { TabContent } from '../tabs';
import type { Ranked } from './rank';

/** Groups in the order in which they stand while nothing is searched for. Names are translations of `app.palette`. */
export const GROUPS = [
  'recent',
  'tab',
  'actions',
  'openTabs',
  'servers',
  'instances',
  'objects',
  'saved',
  'history',
  'settings',
  'help',
] as const;
export type GroupName = (typeof GROUPS)[number];

/** One line of the palette. */
export interface Entry extends Ranked {
  readonly group: GroupName;
  readonly icon: ReactNode;
  /** Keys as a person reads them; empty is none. */
  readonly keys: string;
  run(): void;
}

export const paletteIcon = (Icon: typeof IconSql): ReactNode => <Icon size={16} stroke={1.5} aria-hidden />;

export interface Sources {
  readonly t: TFunction<'app'>;
  readonly words: TFunction<'settings'>;
  readonly keysText: (action: string, usual?: string | readonly string[]) => string;
  readonly mode: PaletteMode;
  readonly servers: readonly ServerView[];
  readonly tabs: Readonly<Record<string, TabState>>;
  /** Those that the window has read so far; asking for them could start the control plane. */
  readonly instances: readonly InstanceView[];
}

type Line = Pick<Entry, 'id' | 'label' | 'icon' | 'run'> & Partial<Pick<Entry, 'note' | 'words' | 'keys'>>;

const lines = (group: GroupName, given: readonly Line[]): Entry[] =>
  given.map((line) => ({ note: '', words: '', keys: '', ...line, group }));

const change = (settings: Partial<Pick<Settings, 'theme' | 'language' | 'contrast'>>) => () =>
  void api.settings.update(settings).catch(presentError);

/** Everything that is known without asking for it. */
export function knownEntries(sources: Sources): Entry[] {
  const { t, mode, servers, instances } = sources;
  const place = (server: ServerView) => `${server.database} · ${server.host}:${server.port}`;
  const queries = servers.map((server) => ({
    id: `query ${server.id}`,
    label: t('palette.queryOn', { name: visibleText(server.name) }),
    note: place(server),
    icon: paletteIcon(IconSql),
    run: () => runCommand({ do: 'open-query', serverId: server.id, database: server.database }),
  }));
  if (mode === 'new-query') return lines('servers', queries);
  if (mode !== 'all') {
    const choices = servers.map((server) => ({
      id: `${mode} ${server.id}`,
      label: visibleText(server.name),
      note: place(server),
      icon: paletteIcon(VIEW_ICONS[mode]),
      run: () =>
        runCommand({
          do: mode === 'dashboard' ? 'show-dashboard' : 'open-terminal',
          serverId: server.id,
          database: server.database,
        }),
    }));
    return lines('servers', choices);
  }
  const edits = servers.map((server) => ({
    id: `edit ${server.id}`,
    label: t('palette.editServer', { name: visibleText(server.name) }),
    note: `${server.user}@${server.host}`,
    icon: paletteIcon(IconPencil),
    run: () => runCommand({ do: 'edit-server', serverId: server.id }),
  }));
  const managed = instances.map(({ plane, id, name }) => ({
    id: `instance ${plane} ${id}`,
    label: t('palette.manage', { name: visibleText(name) }),
    note: id,
    icon: paletteIcon(VIEW_ICONS.instance),
    run: () => runCommand({ do: 'show-instance', plane, id }),
  }));
  return [
    ...lines('tab', tabLines(sources)),
    ...lines('actions', actionLines(sources)),
    ...lines('openTabs', openLines(sources)),
    ...lines('servers', [...queries, ...edits]),
    ...lines('instances', managed),
    ...lines('settings', settingLines(sources)),
    ...lines('help', helpLines(sources)),
  ];
}

/** What can be done in the tab in front, as its view offers it, and the macros of a query tab. */
function tabLines({ t, keysText }: Sources): Line[] {
  const tab = currentDock()?.activePanel?.id;
  const offered = tabActions(tab)
    .filter(({ disabled }) => disabled !== true)
    .map(({ id, label, keys, run }) => ({
      id: `tab-action ${id}`,
      label,
      keys: keysText(id, keys ?? []),
      icon: paletteIcon(IconPlayerPlay),
      run,
    }));
  if (tab?.startsWith('query:') !== true) return offered;
  const macros = knownMacros().map(({ id, name, keys }) => ({
    id: `macro ${id}`,
    label: t('palette.macro', { name: visibleText(name) }),
    keys: keys === '' ? '' : keysText('', keys),
    icon: paletteIcon(IconPlayerPlay),
    run: () => runCommand({ do: 'run-macro', id }),
  }));
  return [...offered, ...macros];
}

const actionLines = ({ t, keysText }: Sources): Line[] =>
  ACTION_AREAS.flatMap(({ actions }) => actions)
    .filter((action) => action !== 'show-palette' && action !== 'next-region')
    .map((action) => ({
      id: action,
      label: t(`commands.${action}`),
      keys: keysText(action),
      icon: paletteIcon(ACTION_ICONS[action]),
      run: () => runShellAction(action),
    }));

const openLines = ({ t, tabs }: Sources): Line[] =>
  (currentDock()?.panels ?? []).map((panel) => {
    const content = panel.params?.['content'] as TabContent;
    return {
      id: `tab ${panel.id}`,
      label: visibleText(tabs[panel.id]?.title ?? t(`tabs.${content.view}`)),
      note: t('palette.switchTab'),
      icon: paletteIcon(VIEW_ICONS[content.view]),
      run: () => panel.api.setActive(),
    };
  });

function settingLines({ t, words }: Sources): Line[] {
  const icon = paletteIcon(IconAdjustments);
  const also = t('palette.settings');
  return [
    ...THEMES.map((theme) => ({
      id: `theme ${theme}`,
      label: t('palette.theme', { name: t(`themes.${theme}`) }),
      words: also,
      icon,
      run: change({ theme }),
    })),
    ...CONTRASTS.map((contrast) => ({
      id: `contrast ${contrast}`,
      label: t('palette.contrast', { name: t(`contrasts.${contrast}`) }),
      words: also,
      icon,
      run: change({ contrast }),
    })),
    ...LANGUAGES.map((language) => ({
      id: `language ${language}`,
      label: t('palette.language', { name: t(`languages.${language}`) }),
      words: also,
      icon,
      run: change({ language }),
    })),
    ...SETTING_ROWS.map(({ name, label, text, more }) => ({
      id: `setting ${name}`,
      label: words(label),
      note: t('palette.setting'),
      words: `${words(text)} ${more}`,
      icon,
      run: () => runCommand({ do: 'show-settings', row: name }),
    })),
  ];
}

const helpLines = ({ t }: Sources): Line[] =>
  HELP_TOPICS.map((topic) => ({
    id: `help ${topic}`,
    label: t(`help.topics.${topic}.title`),
    note: t(`help.topics.${topic}.lead`),
    words: t('palette.help'),
    icon: paletteIcon(IconHelpCircle),
    run: () => runCommand({ do: 'show-help', topic }),
  }));
