import { ActionIcon, Skeleton, TextInput, Tooltip } from '@mantine/core';
import { IconPencil, IconSearch } from '@tabler/icons-react';
import { useMemo, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { errorInfo } from '../../../../shared/errors';
import type { ObjectSelection } from '../../../../shared/model/migration';
import { formatBytes, formatCount } from '../../../ui/bytes';
import { FolderIcon, ObjectIcon } from '../../../ui/object-icon';
import { Tree } from '../../../ui/tree/tree';
import { TreeLabel } from '../../../ui/tree/tree-label';
import type { Problems } from '../model';
import { ChosenPane } from './chosen-pane';
import { pickerLines, type PickerLine } from './picker-lines';
import classes from './picker.module.css';
import { countSelection, groupOf, setObjects, toggleDatabase, toggleSchema } from './selection';
import { tellTable } from './selection-names';
import { keyOf } from './selection-rules';
import { TickBox } from './tick-box';
import { useSource } from './use-source';

export interface ObjectPickerProps {
  readonly jobId: string;
  /** Null until they are known. */
  readonly databases: readonly { readonly name: string; readonly bytes: number }[] | null;
  readonly selection: ObjectSelection;
  readonly problems: Problems;
  readonly onChange: (selection: ObjectSelection) => void;
}

const OBJECT_ICONS = {
  table: 'table',
  partitioned: 'table',
  foreign: 'foreign-table',
  view: 'view',
  materialized: 'materialized-view',
  function: 'function',
  sequence: 'sequence',
} as const;

const SUMMED = ['databases', 'schemas', 'tables', 'others'] as const;

/** What the source has at the left, what was chosen of it at the right. */
export function ObjectPicker({ jobId, databases, selection, problems, onChange }: ObjectPickerProps) {
  const { t, i18n } = useTranslation('migration');
  const source = useSource(jobId, databases);
  const [search, setSearch] = useState('');
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [active, setActive] = useState<string | null>(null);
  /** The table whose fields at the right get the focus. */
  const [told, setTold] = useState<{ readonly key: string } | null>(null);
  const lines = useMemo(
    () => pickerLines(source.databases, selection, { search, open }),
    [source.databases, selection, search, open],
  );
  if (databases === null) return <Skeleton height={360} />;

  const toggleOpen = (line: PickerLine) => {
    if (!line.expandable) {
      if (line.kind === 'failed') source.open(line.database);
      return;
    }
    if (line.kind === 'database' && !line.expanded) source.open(line.database);
    setOpen((before) => {
      const next = new Set(before);
      if (!next.delete(line.key)) next.add(line.key);
      // Tables are what one looks for: they need no click of their own.
      if (line.kind === 'schema' && next.has(line.key)) next.add(keyOf(line.database, line.schema, 'tables'));
      return next;
    });
  };
  const schemasOf = (name: string) => source.databases.find((each) => each.name === name)?.objects?.schemas ?? [];
  const tick = (line: PickerLine) => {
    switch (line.kind) {
      case 'database':
        return onChange(toggleDatabase(selection, line.database));
      case 'schema':
        return onChange(toggleSchema(selection, line.database, line.schema, schemasOf(line.database)));
      case 'group': {
        const objects = schemasOf(line.database).find(({ name }) => name === line.schema)?.objects ?? [];
        const names = objects.filter((each) => groupOf(each) === line.group).map(({ name }) => name);
        return onChange(setObjects(selection, line, names, line.tick !== 'all', schemasOf(line.database)));
      }
      case 'object':
        return onChange(setObjects(selection, line, [line.name], line.tick === 'none', schemasOf(line.database)));
      default:
        return undefined;
    }
  };
  /** A new name or a filter for a table that travels; it stands at the right from then on. */
  const tell = (line: PickerLine) => {
    if (line.kind !== 'object' || line.group !== 'tables' || line.tick === 'none') return;
    const known = selection.databases
      .find(({ name }) => name === line.database)
      ?.schemas.find(({ name }) => name === line.schema)
      ?.tables.find(({ name }) => name === line.name);
    if (known === undefined) onChange(tellTable(selection, line, { name: line.name, newName: '', rowFilter: '' }));
    setTold({ key: line.key });
  };
  const onKey = (event: KeyboardEvent) => {
    const line = lines.find(({ key }) => key === active);
    if (line === undefined || (event.key !== ' ' && event.key !== 'F2')) return;
    event.preventDefault();
    if (event.key === ' ') tick(line);
    else tell(line);
  };
  const counts = countSelection(selection);
  return (
    <div className={classes.panes}>
      <section className={classes.pane} aria-label={t('wizard.picker.source')}>
        <header className={classes.head}>
          <h3>{t('wizard.picker.source')}</h3>
          <span className={classes.rows}>{t('wizard.picker.rows')}</span>
          <span className={classes.bytes}>{t('wizard.picker.bytes')}</span>
        </header>
        <TextInput
          className={classes.search ?? ''}
          aria-label={t('wizard.picker.search')}
          placeholder={t('wizard.picker.search')}
          leftSection={<IconSearch size={16} stroke={1.5} />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') event.preventDefault();
            if (event.key === 'Escape' && search !== '') {
              event.stopPropagation();
              setSearch('');
            }
          }}
        />
        <div className={classes.scroll}>
          {lines.length === 0 ? <p className={classes.nothing}>{t('wizard.picker.nothing')}</p> : null}
          <Tree
            label={t('wizard.picker.source')}
            lines={lines}
            activeKey={active}
            nameOf={(line) => nameOf(line, t)}
            onActivate={({ key }) => setActive(key)}
            onToggle={toggleOpen}
            onOpen={(line) => (line.kind === 'object' ? tick(line) : toggleOpen(line))}
            onMenu={tell}
            onType={() => undefined}
            onKey={onKey}
            renderLine={(line) => <Line line={line} onTick={() => tick(line)} onTell={() => tell(line)} />}
          />
        </div>
        <p className={classes.foot}>{t('wizard.picker.keys')}</p>
      </section>
      <ChosenPane
        selection={selection}
        problems={problems}
        focus={told}
        schemasOf={schemasOf}
        onChange={onChange}
        summary={new Intl.ListFormat(i18n.language, { type: 'unit', style: 'short' }).format(
          SUMMED.filter((name) => counts[name] > 0).map((name) => t(`wizard.picker.${name}`, { count: counts[name] })),
        )}
      />
    </div>
  );
}

function nameOf(line: PickerLine, t: (key: string) => string): string {
  if (!('tick' in line)) return t(`wizard.picker.${line.kind}`);
  const name = line.kind === 'group' ? t(`wizard.picker.groups.${line.group}`) : line.name;
  return `${name}, ${t(`wizard.picker.ticks.${line.tick}`)}`;
}

function Line({
  line,
  onTick,
  onTell,
}: {
  readonly line: PickerLine;
  readonly onTick: () => void;
  readonly onTell: () => void;
}) {
  const { t, i18n } = useTranslation('migration');
  if (!('tick' in line)) {
    const text = line.kind === 'failed' ? errorInfo(line.error).message : t(`wizard.picker.${line.kind}`);
    return (
      <span className={classes.quiet} data-kind={line.kind} title={text}>
        {text}
      </span>
    );
  }
  const label = line.kind === 'group' ? t(`wizard.picker.groups.${line.group}`) : line.name;
  const mayTell = line.kind === 'object' && line.group === 'tables' && line.tick !== 'none';
  return (
    <>
      <TickBox tick={line.tick} onClick={onTick} />
      <span className={classes.icon}>
        {line.kind === 'group' ? (
          <FolderIcon folder={line.group} />
        ) : (
          <ObjectIcon kind={line.kind === 'object' ? OBJECT_ICONS[line.object] : line.kind} />
        )}
      </span>
      <TreeLabel text={label} />
      {line.kind === 'group' ? <span className={classes.count}>{formatCount(line.count, i18n.language)}</span> : null}
      {mayTell ? (
        <Tooltip label={t('wizard.picker.tell')}>
          <ActionIcon
            className={classes.tell ?? ''}
            tabIndex={-1}
            aria-label={t('wizard.picker.tell')}
            onClick={onTell}
          >
            <IconPencil size={16} stroke={1.5} />
          </ActionIcon>
        </Tooltip>
      ) : null}
      <span className={classes.rows}>{line.rows > 0 ? formatCount(line.rows, i18n.language) : ''}</span>
      <span className={classes.bytes}>{line.bytes > 0 ? formatBytes(line.bytes) : ''}</span>
    </>
  );
}
