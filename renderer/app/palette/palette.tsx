import { Spotlight } from '@mantine/spotlight';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useInstances } from '../../features/instances/store';
import { useKeysText } from '../shortcuts';
import { useShell, type PaletteMode } from '../store';
import { useServers } from '../use-servers';
import { GROUPS, knownEntries, type Entry, type GroupName } from './entries';
import classes from './palette.module.css';
import { rankAll } from './rank';
import { markUsed, recentEntries } from './recent';
import { useFound } from './use-found';

const PLACEHOLDERS: Readonly<Record<PaletteMode, string>> = {
  all: 'palette.placeholder',
  'new-query': 'palette.queryPlaceholder',
  dashboard: 'palette.dashboardPlaceholder',
  terminal: 'palette.terminalPlaceholder',
};

/** Lines that are drawn at most. */
const MOST = 60;
const RECENT = 5;
/** Handed on to the list's scroll area. */
const SCROLLED_BY_KEYS = { viewportProps: { tabIndex: 0 } };

/** Groups that are asked for elsewhere. */
const LATE: ReadonlySet<GroupName> = new Set(['objects', 'saved', 'history']);

interface Group {
  readonly name: GroupName;
  readonly entries: readonly Entry[];
}

/** Without a search: what was used last, then everything in its order. With one: groups and lines, the best first. */
function groupsOf(search: string, entries: readonly Entry[], recent: readonly string[]): Group[] {
  if (search.trim() !== '') {
    const best = rankAll(search, entries, recent, MOST);
    // What comes late stands last: nothing moves under the cursor.
    const names = [...new Set(best.map(({ group }) => group))];
    const late = (name: GroupName) => Number(LATE.has(name));
    return names
      .toSorted((one, other) => late(one) - late(other))
      .map((name) => ({ name, entries: best.filter(({ group }) => group === name) }));
  }
  const used = recent
    .flatMap((id) => entries.find((entry) => entry.id === id) ?? [])
    .filter(({ group }) => group !== 'tab')
    .slice(0, RECENT);
  const rest = entries.filter((entry) => !used.includes(entry)).slice(0, MOST - used.length);
  return GROUPS.map((name) => ({
    name,
    entries: name === 'recent' ? used : rest.filter(({ group }) => group === name),
  })).filter((group) => group.entries.length > 0);
}

/** Search over everything the program can do or open. */
export function Palette() {
  const { t, i18n } = useTranslation('app');
  const mode = useShell((state) => state.palette);
  const [opened, setOpened] = useState(0);
  const [search, setSearch] = useState('');
  const servers = useServers();
  return (
    <Spotlight.Root
      key={i18n.language}
      query={search}
      onQueryChange={setSearch}
      shortcut={null}
      scrollable
      maxHeight={480}
      onSpotlightOpen={() => setOpened(opened + 1)}
      onSpotlightClose={() => setOpened(0)}
      classNames={{
        content: classes.content ?? '',
        search: classes.search ?? '',
        action: classes.action ?? '',
        actionsGroup: classes.group ?? '',
        actionBody: classes.words ?? '',
        actionLabel: classes.label ?? '',
        actionDescription: classes.note ?? '',
      }}
      overlayProps={{ color: 'var(--backdrop)', backgroundOpacity: 1, blur: 0 }}
      transitionProps={{ duration: 0 }}
      attributes={{ content: { 'aria-label': t('palette.label') } }}
    >
      <Spotlight.Search
        leftSection={<IconSearch size={16} stroke={1.5} aria-hidden />}
        placeholder={t(PLACEHOLDERS[mode])}
        aria-label={t('palette.label')}
      />
      <Spotlight.ActionsList {...SCROLLED_BY_KEYS}>
        {opened === 0 ? null : <Lines key={opened} search={search} mode={mode} servers={servers ?? []} />}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

interface LinesProps {
  readonly search: string;
  readonly mode: PaletteMode;
  readonly servers: NonNullable<ReturnType<typeof useServers>>;
}

/** Mounted anew whenever the palette opens: what can be done is that of the tab in front then. */
function Lines({ search, mode, servers }: LinesProps) {
  const { t } = useTranslation('app');
  const { t: words } = useTranslation('settings');
  const keysText = useKeysText();
  const tabs = useShell((state) => state.tabs);
  const planes = useInstances((state) => state.planes);
  const known = useMemo(() => {
    const instances = Object.values(planes).flatMap(({ list }) => list ?? []);
    return knownEntries({ t, words, keysText, mode, servers, tabs, instances });
  }, [t, words, keysText, mode, servers, tabs, planes]);
  const found = useFound(search, mode === 'all');
  const [recent] = useState(recentEntries);
  const groups = useMemo(() => groupsOf(search, [...known, ...found], recent), [search, known, found, recent]);
  useEffect(() => {
    // The list selects its first line when a key is typed; lines that come later find none selected.
    if (search.trim() === '' || document.querySelector('[data-action][data-selected]') !== null) return;
    document.querySelector('[data-action]')?.setAttribute('data-selected', 'true');
  }, [search, groups]);
  if (groups.length === 0) {
    const nothing = mode !== 'all' && servers.length === 0 ? 'palette.noServers' : 'palette.nothing';
    return <Spotlight.Empty>{t(nothing)}</Spotlight.Empty>;
  }
  return groups.map(({ name, entries }) => (
    <Spotlight.ActionsGroup key={name} label={t(`palette.${name}`)}>
      {entries.map((entry) => (
        <Spotlight.Action
          key={entry.id}
          label={entry.label}
          description={entry.note}
          highlightQuery
          leftSection={entry.icon}
          rightSection={entry.keys === '' ? null : <kbd>{entry.keys}</kbd>}
          onClick={() => {
            markUsed(entry.id);
            entry.run();
          }}
        />
      ))}
    </Spotlight.ActionsGroup>
  ));
}
