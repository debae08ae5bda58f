import { Spotlight } from '@mantine/spotlight';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ServerView } from '../../shared/model/server';
import { api, listen } from '../api';
import { presentError } from '../ui/error-presenter';
import { paletteActions } from './palette-actions';
import { useShell } from './store';

/** Search over everything the program can do or open. */
export function Palette() {
  const { t, i18n } = useTranslation('app');
  const mode = useShell((state) => state.palette);
  const servers = useServers();
  const [opened, setOpened] = useState(0);
  const tabs = useShell((state) => state.tabs);
  // The groups are made anew whenever the palette opens: the set of open tabs is the dock's.
  const actions = paletteActions({ t, mode, servers, tabs, opened });
  return (
    <Spotlight
      key={i18n.language}
      actions={actions}
      shortcut={null}
      highlightQuery
      scrollable
      maxHeight={480}
      limit={40}
      nothingFound={t(mode === 'new-query' && servers.length === 0 ? 'palette.noServers' : 'palette.nothing')}
      onSpotlightOpen={() => setOpened(opened + 1)}
      searchProps={{
        leftSection: <IconSearch size={16} stroke={1.5} aria-hidden />,
        placeholder: t(mode === 'new-query' ? 'palette.queryPlaceholder' : 'palette.placeholder'),
        'aria-label': t('palette.label'),
      }}
    />
  );
}

function useServers(): readonly ServerView[] {
  const [servers, setServers] = useState<readonly ServerView[]>([]);
  useEffect(() => {
    const read = () => {
      api.servers
        .list({})
        .then((list) => setServers(list.servers))
        .catch(presentError);
    };
    read();
    return listen('servers', 'changed', read);
  }, []);
  return servers;
}
