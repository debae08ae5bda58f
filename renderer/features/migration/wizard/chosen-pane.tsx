import { ActionIcon, TextInput, Tooltip } from '@mantine/core';
import { IconArrowRight, IconFilter, IconSearch, IconX } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ObjectSelection } from '../../../../shared/model/migration';
import { MiddleEllipsis } from '../../../ui/middle-ellipsis';
import { FolderIcon, ObjectIcon } from '../../../ui/object-icon';
import type { Problems } from '../model';
import { chosenLines, type ChosenLine } from './picker-lines';
import classes from './picker.module.css';
import { setObjects, toggleDatabase, toggleSchema, type SourceSchema } from './selection';
import { forgetTable, renameDatabase, renameSchema, tellTable } from './selection-names';

export interface ChosenPaneProps {
  readonly selection: ObjectSelection;
  readonly problems: Problems;
  /** The table whose new name gets the focus; a new value each time it is asked for. */
  readonly focus: { readonly key: string } | null;
  readonly schemasOf: (database: string) => readonly SourceSchema[];
  readonly summary: string;
  readonly onChange: (selection: ObjectSelection) => void;
}

/** Pixels of a line, and of the filter and the message below it. */
const LINE = 32;
const BELOW = 32;

/** What was chosen, with the names it gets and the rows that travel. */
export function ChosenPane({ selection, problems, focus, schemasOf, summary, onChange }: ChosenPaneProps) {
  const { t } = useTranslation('migration');
  const [search, setSearch] = useState('');
  const [filtering, setFiltering] = useState<ReadonlySet<string>>(new Set());
  const lines = useMemo(() => chosenLines(selection, search), [selection, search]);
  const scroller = useRef<HTMLDivElement>(null);
  const hasFilter = (line: ChosenLine) => (line.rowFilter ?? '') !== '' || filtering.has(line.key);
  const heightOf = (index: number): number => {
    const line = lines[index];
    if (line === undefined) return LINE;
    return LINE + (hasFilter(line) ? BELOW : 0) + (problems[line.key] === undefined ? 0 : BELOW);
  };
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: heightOf,
    getItemKey: (index) => lines[index]?.key ?? index,
    overscan: 12,
  });
  const shape = lines.map((_line, index) => heightOf(index)).join('');
  const measure = useRef(rows.measure);
  measure.current = rows.measure;
  useEffect(() => measure.current(), [shape]);
  // Only when another table is asked for, not whenever the list above it grows.
  const show = useRef<(key: string) => void>(() => undefined);
  show.current = (key) => {
    const at = lines.findIndex((line) => line.key === key);
    if (at < 0) return;
    rows.scrollToIndex(at, { align: 'center' });
    requestAnimationFrame(() => {
      const shown = [...(scroller.current?.querySelectorAll<HTMLElement>('[data-line]') ?? [])];
      shown
        .find(({ dataset }) => dataset['line'] === key)
        ?.querySelector('input')
        ?.focus();
    });
  };
  useEffect(() => {
    if (focus !== null) show.current(focus.key);
  }, [focus]);

  const rename = (line: ChosenLine, newName: string) => {
    if (line.kind === 'database') return onChange(renameDatabase(selection, line.name, newName));
    if (line.kind === 'schema') return onChange(renameSchema(selection, line.database, line.schema, newName));
    return onChange(tellTable(selection, line, { name: line.name, newName, rowFilter: line.rowFilter ?? '' }));
  };
  const filter = (line: ChosenLine, rowFilter: string) =>
    onChange(tellTable(selection, line, { name: line.name, newName: line.newName, rowFilter }));
  const remove = (line: ChosenLine) => {
    const schemas = schemasOf(line.database);
    if (line.kind === 'database') {
      const whole = selection.databases.find(({ name }) => name === line.name)?.mode === 'all';
      const first = toggleDatabase(selection, line.name);
      return onChange(whole ? first : toggleDatabase(first, line.name));
    }
    if (line.kind === 'schema') {
      if (line.remark) return onChange(renameSchema(selection, line.database, line.schema, ''));
      const first = toggleSchema(selection, line.database, line.schema, schemas);
      return onChange(line.whole ? first : toggleSchema(first, line.database, line.schema, schemas));
    }
    if (line.remark) return onChange(forgetTable(selection, line, line.name));
    return onChange(
      setObjects(
        selection,
        { database: line.database, schema: line.schema, group: line.kind },
        [line.name],
        false,
        schemas,
      ),
    );
  };
  return (
    <section className={classes.pane} aria-label={t('wizard.picker.chosen')}>
      <header className={classes.head}>
        <h3>{t('wizard.picker.chosen')}</h3>
      </header>
      <TextInput
        className={classes.search ?? ''}
        aria-label={t('wizard.picker.searchChosen')}
        placeholder={t('wizard.picker.searchChosen')}
        leftSection={<IconSearch size={16} stroke={1.5} />}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
      />
      <div ref={scroller} className={classes.scroll} data-list>
        {lines.length === 0 ? <p className={classes.nothing}>{t('wizard.picker.empty')}</p> : null}
        <div className={classes.canvas} style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map((row) => {
            const line = lines[row.index];
            if (line === undefined) return null;
            const rule = problems[line.key];
            return (
              <div
                key={line.key}
                data-line={line.key}
                data-problem={rule === undefined ? undefined : true}
                className={classes.chosen}
                style={{
                  transform: `translateY(${row.start}px)`,
                  height: row.size,
                  paddingLeft: 12 * (line.level - 1) + 8,
                }}
              >
                <div className={classes.chosenLine}>
                  <LineIcon line={line} />
                  <span className={classes.chosenName}>
                    <MiddleEllipsis text={line.name} />
                  </span>
                  {line.whole ? <span className={classes.whole}>{t('wizard.picker.whole')}</span> : null}
                  {mayRename(line) ? (
                    <>
                      <IconArrowRight size={14} stroke={1.5} className={classes.arrow} aria-hidden />
                      <TextInput
                        size="xs"
                        className={classes.newName ?? ''}
                        aria-label={t('wizard.newNameOf', { name: line.name })}
                        placeholder={t('wizard.picker.sameName')}
                        value={line.newName}
                        onChange={(event) => rename(line, event.currentTarget.value)}
                        onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
                        error={rule !== undefined}
                        spellCheck={false}
                        autoComplete="off"
                      />
                    </>
                  ) : null}
                  {line.rowFilter === null ? null : (
                    <Tooltip label={t('wizard.picker.filter')}>
                      <ActionIcon
                        aria-label={t('wizard.picker.filterOf', { name: line.name })}
                        aria-expanded={hasFilter(line)}
                        data-on={hasFilter(line) || undefined}
                        onClick={() =>
                          setFiltering((before) => {
                            const next = new Set(before);
                            if (!next.delete(line.key)) next.add(line.key);
                            return next;
                          })
                        }
                      >
                        <IconFilter size={16} stroke={1.5} />
                      </ActionIcon>
                    </Tooltip>
                  )}
                  <Tooltip label={t(line.remark ? 'wizard.picker.forget' : 'wizard.picker.remove')}>
                    <ActionIcon
                      aria-label={t(line.remark ? 'wizard.picker.forgetOf' : 'wizard.picker.removeOf', {
                        name: line.name,
                      })}
                      onClick={() => remove(line)}
                    >
                      <IconX size={16} stroke={1.5} />
                    </ActionIcon>
                  </Tooltip>
                </div>
                {hasFilter(line) ? (
                  <TextInput
                    size="xs"
                    className={classes.filter ?? ''}
                    classNames={{ input: classes.mono ?? '' }}
                    aria-label={t('wizard.picker.filterOf', { name: line.name })}
                    placeholder={t('wizard.picker.filterExample')}
                    leftSection={<span className={classes.where}>WHERE</span>}
                    leftSectionWidth={56}
                    value={line.rowFilter ?? ''}
                    onChange={(event) => filter(line, event.currentTarget.value)}
                    onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
                    spellCheck={false}
                    autoComplete="off"
                  />
                ) : null}
                {rule === undefined ? null : (
                  <p className={classes.problem}>{t(`wizard.rules.${rule}`, { example: `${line.name}_new` })}</p>
                )}
              </div>
            );
          })}
        </div>
      </div>
      <p className={classes.foot} role="status">
        {summary}
      </p>
    </section>
  );
}

const mayRename = ({ kind }: ChosenLine): boolean => kind === 'database' || kind === 'schema' || kind === 'tables';

function LineIcon({ line }: { readonly line: ChosenLine }) {
  if (line.kind === 'database' || line.kind === 'schema') return <ObjectIcon kind={line.kind} />;
  return <FolderIcon folder={line.kind} />;
}
