import { Spotlight } from '@mantine/spotlight';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useInstances } from '../features/instances/store';
import { paletteActions } from './palette-actions';
import classes from './palette.module.css';
import { useShell, type PaletteMode } from './store';
import { useServers } from './use-servers';

const PLACEHOLDERS: Readonly<Record<PaletteMode, string>> = {
  all: 'palette.placeholder',
  'new-query': 'palette.queryPlaceholder',
  dashboard: 'palette.dashboardPlaceholder',
  terminal: 'palette.terminalPlaceholder',
};

/** Search over everything the program can do or open. */
export function Palette() {
  const { t, i18n } = useTranslation('app');
  const mode = useShell((state) => state.palette);
  const servers = useServers() ?? [];
  const [opened, setOpened] = useState(0);
  const tabs = useShell((state) => state.tabs);
  const planes = useInstances((state) => state.planes);
  const instances = Object.values(planes).flatMap(({ list }) => list ?? []);
  // The groups are made anew whenever the palette opens: the set of open tabs is the dock's.
  const actions = paletteActions({ t, mode, servers, tabs, instances, opened });
  return (
    <Spotlight
      key={i18n.language}
      actions={actions}
      shortcut={null}
      highlightQuery
      scrollable
      maxHeight={480}
      // A list longer than that is scrolled by keys as well.
      scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}
      limit={40}
      nothingFound={t(mode !== 'all' && servers.length === 0 ? 'palette.noServers' : 'palette.nothing')}
      onSpotlightOpen={() => setOpened(opened + 1)}
      classNames={{
        content: classes.content ?? '',
        search: classes.search ?? '',
        action: classes.action ?? '',
        actionsGroup: classes.group ?? '',
      }}
      overlayProps={{ color: 'var(--backdrop)', backgroundOpacity: 1, blur: 0 }}
      transitionProps={{ duration: 0 }}
      attributes={{ content: { 'aria-label': t('palette.label') } }}
      searchProps={{
        leftSection: <IconSearch size={16} stroke={1.5} aria-hidden />,
        placeholder: t(PLACEHOLDERS[mode]),
        'aria-label': t('palette.label'),
      }}
    />
  );
}
