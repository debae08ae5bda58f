import { Checkbox, MultiSelect, TextInput } from '@mantine/core';
import { IconSquare, IconSquareCheck } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, type KeyboardEvent, type MouseEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { COMPARE_STATES, type CompareItem, type CompareState } from '../../../shared/model/compare';
import { formatCount } from '../../ui/bytes';
import { MiddleEllipsis } from '../../ui/middle-ellipsis';
import { ObjectIcon } from '../../ui/object-icon';
import { focusSoon } from '../../ui/focus-soon';
import { useTabActions } from '../../ui/workbench';
import { countStates, filtered, nameOf, type ListFilter } from './model';
import classes from './result-list.module.css';

export interface ResultListProps {
  readonly items: readonly CompareItem[];
  readonly filter: ListFilter;
  readonly onFilter: (filter: ListFilter) => void;
  readonly excluded: ReadonlySet<string>;
  readonly onExclude: (keys: readonly string[], excluded: boolean) => void;
  /** Key of the object that is looked at; empty for none. */
  readonly shown: string;
  readonly onShow: (key: string) => void;
}

/** Height of a line in pixels, as `--row`. */
const LINE = 24;

/** What a comparison found, to filter, to look at and to take into the script. */
export function ResultList(props: ResultListProps) {
  const { items, filter, onFilter, excluded, onExclude, shown, onShow } = props;
  const { t, i18n } = useTranslation(['compare', 'catalog']);
  const counts = useMemo(() => countStates(items), [items]);
  const lines = useMemo(() => filtered(items, filter), [items, filter]);
  const kinds = useMemo(() => [...new Set(items.map(({ object }) => object.kind))], [items]);
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE,
    overscan: 20,
  });
  const field = useRef<HTMLInputElement>(null);
  useTabActions([{ id: 'compare.filter', label: t('filter'), run: () => focusSoon(field) }]);
  const isTaken = ({ key, state }: CompareItem): boolean => state !== 'equal' && !excluded.has(key);
  const choosable = lines.filter(({ state }) => state !== 'equal');
  const taken = choosable.filter(isTaken).length;
  const toggleState = (state: CompareState, on: boolean): void =>
    onFilter({
      ...filter,
      states: COMPARE_STATES.filter((each) => (each === state ? on : filter.states.includes(each))),
    });
  const move = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const at = lines.findIndex(({ key }) => key === shown);
    const item = lines[Math.max(0, Math.min(lines.length - 1, at + step))];
    if (step !== 0 && item) {
      event.preventDefault();
      onShow(item.key);
      rows.scrollToIndex(lines.indexOf(item));
    } else if (event.key === ' ') {
      const current = lines[at];
      event.preventDefault();
      if (current && current.state !== 'equal') onExclude([current.key], isTaken(current));
    }
  };
  const point = (event: MouseEvent<HTMLElement>): void => {
    if (!(event.target instanceof Element)) return;
    const place = event.target.closest<HTMLElement>('[data-index]')?.dataset['index'];
    const item = place === undefined ? undefined : lines[Number(place)];
    if (!item) return;
    if (!event.target.closest('[data-box]')) onShow(item.key);
    else if (item.state !== 'equal') onExclude([item.key], isTaken(item));
  };
  return (
    <section className={classes.list} aria-label={t('list')}>
      <div className={classes.states} role="group" aria-label={t('statesLabel')}>
        {COMPARE_STATES.map((state) => (
          <Checkbox
            key={state}
            label={`${t(`states.${state}`)} (${formatCount(counts[state], i18n.language)})`}
            checked={filter.states.includes(state)}
            onChange={(event) => toggleState(state, event.currentTarget.checked)}
          />
        ))}
      </div>
      <div className={classes.filters}>
        <TextInput
          ref={field}
          aria-label={t('filter')}
          placeholder={t('filter')}
          value={filter.text}
          onChange={(event) => onFilter({ ...filter, text: event.currentTarget.value })}
        />
        <MultiSelect
          aria-label={t('kinds')}
          placeholder={filter.kinds.length === 0 ? t('kinds') : ''}
          data={kinds.map((kind) => ({ value: kind, label: t(`catalog:kinds.${kind}`) }))}
          value={[...filter.kinds]}
          onChange={(chosen) => onFilter({ ...filter, kinds: chosen })}
          clearable
        />
      </div>
      <Checkbox
        label={t('takeAll', {
          count: taken,
          all: formatCount(choosable.length, i18n.language),
          taken: formatCount(taken, i18n.language),
        })}
        checked={choosable.length > 0 && taken === choosable.length}
        indeterminate={taken > 0 && taken < choosable.length}
        disabled={choosable.length === 0}
        onChange={(event) =>
          onExclude(
            choosable.map(({ key }) => key),
            !event.currentTarget.checked,
          )
        }
      />
      <div
        ref={scroller}
        className={classes.scroller}
        role="listbox"
        aria-label={t('list')}
        tabIndex={0}
        aria-activedescendant={lines.some(({ key }) => key === shown) ? lineId(shown) : undefined}
        onKeyDown={move}
        onClick={point}
      >
        {lines.length === 0 ? <p className={classes.nothing}>{t('nothing')}</p> : null}
        <div className={classes.canvas} style={{ height: rows.getTotalSize() }} role="presentation">
          {rows.getVirtualItems().map((row) => {
            const item = lines[row.index];
            if (!item) return null;
            return (
              <div
                key={item.key}
                id={lineId(item.key)}
                role="option"
                aria-selected={item.key === shown}
                aria-label={`${nameOf(item)}, ${t(`catalog:kinds.${item.object.kind}`)}, ${t(`states.${item.state}`)}${isTaken(item) ? `, ${t('taken')}` : ''}`}
                className={classes.line}
                data-state={item.state}
                style={{ transform: `translateY(${row.start}px)` }}
                data-index={row.index}
              >
                <span className={classes.box} data-box aria-hidden>
                  {item.state === 'equal' ? null : isTaken(item) ? (
                    <IconSquareCheck size={16} stroke={1.5} />
                  ) : (
                    <IconSquare size={16} stroke={1.5} />
                  )}
                </span>
                <ObjectIcon kind={item.object.kind} />
                <span className={classes.name}>
                  <MiddleEllipsis text={nameOf(item)} />
                </span>
                <span className={classes.state}>{t(`states.${item.state}`)}</span>
              </div>
            );
          })}
        </div>
      </div>
    </section>
  );
}

const lineId = (key: string): string => `compare-${encodeURIComponent(key)}`;
