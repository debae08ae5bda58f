import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useId, useImperativeHandle, useMemo, useRef, useState, type KeyboardEvent, type Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { DiagramTable } from '../../../shared/model/diagram';
import { visible } from './geometry';
import type { DiagramTab } from './store';
import classes from './table-panel.module.css';

export interface TablePanelHandle {
  focus(): void;
}

export interface TablePanelProps {
  readonly tab: DiagramTab;
  readonly onEdit: (id: string) => void;
  readonly ref: Ref<TablePanelHandle>;
}

/** The tables of the drawing by name: to find one, and to work without seeing the drawing. */
export function TablePanel({ tab, onEdit, ref }: TablePanelProps) {
  const { t } = useTranslation('diagram');
  const tables = useStore(tab.store, (state) => state.history.present.tables);
  const selection = useStore(tab.store, (state) => state.selection);
  const [text, setText] = useState('');
  const page = useId();
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  useImperativeHandle(ref, () => ({
    focus() {
      input.current?.focus();
      input.current?.select();
    },
  }));
  const found = useMemo(() => {
    const wanted = text.toLowerCase();
    const named = (table: DiagramTable): string => `${table.schema}.${table.name}`;
    return tables
      .filter(
        (table) =>
          named(table).toLowerCase().includes(wanted) ||
          (wanted !== '' && table.columns.some((column) => column.name.toLowerCase().includes(wanted))),
      )
      .sort((a, b) => named(a).localeCompare(named(b)));
  }, [tables, text]);
  const manySchemas = useMemo(() => new Set(tables.map(({ schema }) => schema)).size > 1, [tables]);
  const at = found.findIndex(({ id }) => selection.has(id));
  const current = found[at];
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [current]);

  const onKeyDown = (event: KeyboardEvent) => {
    const go = (index: number) => {
      const table = found[Math.max(0, Math.min(found.length - 1, index))];
      if (table) tab.show(table.id);
    };
    if (event.key === 'ArrowDown') go(at + 1);
    else if (event.key === 'ArrowUp') go(at - 1);
    else if (event.key === 'Home' && event.currentTarget === list.current) go(0);
    else if (event.key === 'End' && event.currentTarget === list.current) go(found.length - 1);
    else if (event.key === 'Enter') {
      if (event.currentTarget !== list.current) go(Math.max(at, 0));
      else if (current) onEdit(current.id);
    } else if (event.key === 'Delete' && event.currentTarget === list.current) tab.remove();
    else return;
    event.preventDefault();
  };

  return (
    <aside className={classes.panel} aria-label={t('panel.label')}>
      <TextInput
        ref={input}
        className={classes.search ?? ''}
        aria-label={t('panel.search')}
        placeholder={t('panel.search')}
        leftSection={<IconSearch size={16} stroke={1.5} aria-hidden />}
        value={text}
        spellCheck={false}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <div
        ref={list}
        className={classes.list}
        role="listbox"
        aria-label={t('panel.tables')}
        tabIndex={0}
        aria-activedescendant={current ? `${page}-${current.id}` : undefined}
        onKeyDown={onKeyDown}
      >
        {found.map((table) => (
          <div
            key={table.id}
            id={`${page}-${table.id}`}
            className={classes.option}
            role="option"
            aria-selected={selection.has(table.id)}
            title={visible(`${table.schema}.${table.name}`)}
            onPointerDown={() => tab.show(table.id)}
            onDoubleClick={() => onEdit(table.id)}
          >
            <span className={classes.dot} data-colour={table.colour} aria-hidden />
            <span className={classes.name}>
              {manySchemas ? <span className={classes.schema}>{visible(table.schema)}.</span> : null}
              {visible(table.name)}
            </span>
            <span className={classes.count} aria-label={t('panel.columns', { count: table.columns.length })}>
              {table.columns.length}
            </span>
          </div>
        ))}
      </div>
      <div className={classes.foot} role="status">
        {text === ''
          ? t('panel.count', { count: tables.length })
          : t('panel.found', { count: found.length, of: tables.length })}
      </div>
    </aside>
  );
}
