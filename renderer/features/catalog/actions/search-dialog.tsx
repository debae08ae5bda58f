import { Checkbox, Modal, MultiSelect, Select, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useId, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { OBJECT_KINDS, type FoundObject, type ObjectKind } from '../../../../shared/model/catalog';
import { displayName } from '../../../../shared/model/catalog-rules';
import type { Command } from '../../../../shared/model/command';
import { api } from '../../../api/index';
import { formatCount } from '../../../ui/bytes';
import { ErrorPanel } from '../../../ui/error-panel';
import { ObjectIcon } from '../../../ui/object-icon';
import { useCommand } from '../../../ui/workbench';
import { useExplorer } from '../store';
import { useLoaded } from '../use-loaded';
import { useServers } from '../use-server';
import classes from './actions.module.css';
import { useDatabases } from './use-databases';

export interface SearchDialogProps {
  readonly command: Extract<Command, { do: 'search-objects' }>;
  readonly onClose: () => void;
}

/** Milliseconds without a key after which the server is asked. */
const PAUSE = 200;
const LIMIT = 1000;
/** Pixels; the same as `--row`. */
const ROW_HEIGHT = 24;
const NOT_SEARCHED: ReadonlySet<ObjectKind> = new Set([
  'database',
  'role',
  'tablespace',
  'replica',
  'cast',
  'transform',
  'user-mapping',
  'subscription',
]);

interface Wanted {
  readonly serverId: string;
  readonly database: string;
  readonly text: string;
  readonly kinds: readonly ObjectKind[];
  readonly inside: boolean;
  readonly showSystem: boolean;
}

/** What the server finds; an answer that was overtaken is given up. */
function useSearch(wanted: boolean, { serverId, database, text, kinds, inside, showSystem }: Wanted) {
  const read = useCallback(
    (signal: AbortSignal) =>
      api.catalog.search({ serverId, database, text, kinds: [...kinds], inside, showSystem, limit: LIMIT }, signal),
    [serverId, database, text, kinds, inside, showSystem],
  );
  return useLoaded(wanted, read);
}

/** Objects of one database by their name, or by what is inside of them. */
export function SearchDialog({ command, onClose }: SearchDialogProps) {
  const { t, i18n } = useTranslation('objects');
  const { t: words } = useTranslation('catalog');
  const run = useCommand();
  const connected = (useServers() ?? []).filter(({ status }) => status.connected);
  const [chosenServer, setServer] = useState(command.serverId ?? '');
  const server = connected.find(({ id }) => id === chosenServer) ?? (chosenServer === '' ? connected[0] : undefined);
  const serverId = server?.id ?? '';
  const [chosenDatabase, setDatabase] = useState(command.database ?? '');
  const database = chosenDatabase === '' ? (server?.database ?? '') : chosenDatabase;
  const [text, setText] = useState(command.text ?? '');
  const [kinds, setKinds] = useState<readonly ObjectKind[]>([]);
  const [inside, setInside] = useState(false);
  const showSystem = useExplorer((state) => state.showSystem);
  const [asked] = useDebouncedValue(text.trim(), PAUSE);
  const databases = useDatabases(serverId, false);
  const wanted = serverId !== '' && database !== '' && asked !== '';
  const { value, error, reload } = useSearch(wanted, { serverId, database, text: asked, kinds, inside, showSystem });
  const found = wanted ? (value?.found ?? []) : [];
  const open = ({ node }: FoundObject): void => {
    run({ do: 'show-object', serverId, database, object: node.ref });
    onClose();
  };
  return (
    <Modal opened onClose={onClose} title={t('search.title')} size={960}>
      <div className={classes.form}>
        <div className={classes.row}>
          <Select
            className={classes.grow ?? ''}
            label={t('search.server')}
            data={connected.map(({ id, name }) => ({ value: id, label: name }))}
            value={serverId === '' ? null : serverId}
            allowDeselect={false}
            onChange={(id) => {
              setServer(id ?? '');
              setDatabase('');
            }}
          />
          <Select
            className={classes.grow ?? ''}
            label={t('search.database')}
            searchable
            data={databases.includes(database) || database === '' ? [...databases] : [database, ...databases]}
            value={database === '' ? null : database}
            allowDeselect={false}
            onChange={(name) => setDatabase(name ?? '')}
          />
          <MultiSelect
            className={classes.grow ?? ''}
            label={t('search.kinds')}
            searchable
            clearable
            data={OBJECT_KINDS.filter((kind) => !NOT_SEARCHED.has(kind)).map((kind) => ({
              value: kind,
              label: words(`kinds.${kind}`),
            }))}
            value={[...kinds]}
            onChange={(chosen) => setKinds(OBJECT_KINDS.filter((kind) => chosen.includes(kind)))}
          />
        </div>
        <Checkbox
          label={t('search.inside')}
          checked={inside}
          onChange={(event) => setInside(event.currentTarget.checked)}
        />
        <Results found={found} text={text} onText={setText} onOpen={open} />
        {error !== null && wanted ? <ErrorPanel error={error} onRetry={reload} /> : null}
        <p className={classes.muted} aria-live="polite">
          {connected.length === 0
            ? t('search.noServer')
            : !wanted
              ? t('search.hint')
              : value === null
                ? t('search.searching')
                : t(value.more ? 'search.more' : 'search.found', {
                    count: found.length,
                    shown: formatCount(found.length, i18n.language),
                  })}
        </p>
      </div>
    </Modal>
  );
}

interface ResultsProps {
  readonly found: readonly FoundObject[];
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly onOpen: (found: FoundObject) => void;
}

/** The text and what was found for it: arrows walk through the list while the focus stays in the text. */
function Results({ found, text, onText, onOpen }: ResultsProps) {
  const { t } = useTranslation('objects');
  const { t: words } = useTranslation('catalog');
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const virtual = useVirtualizer({
    count: found.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
  });
  const at = Math.min(active, Math.max(0, found.length - 1));
  const onKeyDown = (event: KeyboardEvent): void => {
    const step =
      event.key === 'ArrowDown'
        ? 1
        : event.key === 'ArrowUp'
          ? -1
          : event.key === 'PageDown'
            ? 10
            : event.key === 'PageUp'
              ? -10
              : 0;
    const chosen = found[at];
    if (step !== 0) {
      const next = Math.max(0, Math.min(found.length - 1, at + step));
      setActive(next);
      virtual.scrollToIndex(next, { align: 'auto' });
    } else if (event.key === 'Enter' && chosen && !event.nativeEvent.isComposing) onOpen(chosen);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <TextInput
        data-autofocus
        label={t('search.text')}
        value={text}
        role="combobox"
        aria-expanded={found.length > 0}
        aria-controls={`${id}-list`}
        aria-activedescendant={found.length > 0 ? `${id}-${at}` : undefined}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => {
          onText(event.currentTarget.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div ref={scroller} className={classes.results}>
        <div
          id={`${id}-list`}
          role="listbox"
          aria-label={t('search.results')}
          style={{ height: virtual.getTotalSize() }}
        >
          {virtual.getVirtualItems().map(({ index, start }) => {
            const each = found[index];
            if (!each) return null;
            const { ref, note, mark } = each.node;
            const place = each.parent === null ? ref.schema : displayName(each.parent);
            return (
              <div
                key={`${ref.kind} ${ref.oid} ${ref.sub}`}
                id={`${id}-${index}`}
                role="option"
                aria-selected={index === at}
                aria-setsize={found.length}
                aria-posinset={index + 1}
                className={classes.found}
                style={{ transform: `translateY(${start}px)` }}
                onMouseDown={(event) => {
                  event.preventDefault();
                  onOpen(each);
                }}
              >
                <ObjectIcon kind={ref.kind} mark={mark} />
                <span className={classes.foundName}>
                  {ref.name}
                  {ref.kind === 'column' ? '' : note}
                </span>
                <span className={classes.foundNote}>
                  {[words(`kinds.${ref.kind}`), place, each.line].filter((part) => part !== '').join(' · ')}
                </span>
              </div>
            );
          })}
        </div>
      </div>
    </>
  );
}
