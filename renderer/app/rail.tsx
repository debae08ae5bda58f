import { Tooltip, UnstyledButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { plainCommand, type PlainCommandName } from '../../shared/model/command';
import { runCommand } from './commands';
import { ACTION_ICONS } from './icons';
import classes from './rail.module.css';
import { useKeysText } from './shortcuts';
import { useShell } from './store';

interface Entry {
  readonly key: string;
  readonly command: PlainCommandName;
}

const TOP: readonly Entry[] = [
  { key: 'explorer', command: 'show-explorer' },
  { key: 'instances', command: 'show-instances' },
  { key: 'networks', command: 'show-networks' },
  { key: 'migrations', command: 'show-migrations' },
  { key: 'tasks', command: 'show-tasks' },
];
const BOTTOM: readonly Entry[] = [
  { key: 'search', command: 'show-palette' },
  { key: 'settings', command: 'show-settings' },
];

/** The narrow bar at the left edge: the parts of the program. */
export function Rail() {
  const { t } = useTranslation('app');
  return (
    <nav className={classes.rail} aria-label={t('rail.label')} data-region="rail">
      {TOP.map((entry) => (
        <RailButton key={entry.key} entry={entry} />
      ))}
      <div className={classes.gap} />
      {BOTTOM.map((entry) => (
        <RailButton key={entry.key} entry={entry} />
      ))}
    </nav>
  );
}

function RailButton({ entry }: { readonly entry: Entry }) {
  const { t } = useTranslation('app');
  const explorerOpen = useShell((state) => state.sidePanel.open);
  const front = useShell((state) => state.activeTab);
  const pressed = entry.key === 'explorer' ? explorerOpen : front === entry.key;
  const Icon = ACTION_ICONS[entry.command];
  const name = t(`rail.${entry.key}`);
  const keys = useKeysText()(entry.command);
  return (
    <Tooltip label={keys === '' ? name : `${name} · ${keys}`} position="right">
      <UnstyledButton
        className={classes.button ?? ''}
        aria-label={name}
        aria-pressed={pressed}
        onClick={() => runCommand(plainCommand(entry.command))}
      >
        <Icon size={20} stroke={1.5} aria-hidden />
      </UnstyledButton>
    </Tooltip>
  );
}
