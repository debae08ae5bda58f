import { IconAlertTriangle, IconArrowDown, IconArrowUp, IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useId, useMemo, useRef, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { neverRan, type PlanNode } from '../../../../shared/model/plan/plan-node';
import { visibleText } from '../../../ui/visible-text';
import { NodeIcon } from './node-icon';
import { planCell, type PlanColumn } from './plan-columns';
import { measuresOf, nodeDetail, spokenNode, type PlanScene } from './plan-figures';
import classes from './plan-rows.module.css';

/** Pixels; the same as `--row`. */
const ROW = 24;
const INDENT = 16;
/** Levels that are indented: a plan that nests deeper must leave room for its names. */
const DEEPEST = 24;

/** Pixels, at least. */
const NAME = 240;
const widthOf = (column: PlanColumn): number => (['buffers', 'read', 'temp'].includes(column) ? 124 : 88);

/** Columns whose figures are drawn as bars too. */
const BARS: readonly PlanColumn[] = ['share', 'rows', 'buffers'];

export interface PlanLine {
  readonly node: PlanNode;
  /** From 1. */
  readonly level: number;
  readonly expandable: boolean;
  readonly expanded: boolean;
}

export interface PlanSort {
  readonly column: PlanColumn | 'node';
  readonly descending: boolean;
}

export interface PlanRowsProps {
  readonly label: string;
  readonly scene: PlanScene;
  readonly lines: readonly PlanLine[];
  readonly columns: readonly PlanColumn[];
  /** Folds or unfolds a line; absent: lines have no children. */
  readonly onToggle?: (node: PlanNode) => void;
  readonly sort?: PlanSort;
  readonly onSort?: (column: PlanSort['column']) => void;
}

/** Nodes in lines with their figures in columns; only the lines in view are made. */
export function PlanRows({ label, scene, lines, columns, onToggle, sort, onSort }: PlanRowsProps) {
  const { t, i18n } = useTranslation('explain');
  const scroller = useRef<HTMLDivElement>(null);
  const id = useId();
  const active = lines.findIndex(({ node }) => node.id === scene.selected);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 12,
    scrollMargin: ROW,
    scrollPaddingStart: ROW,
  });
  const scrollTo = useRef(virtual.scrollToIndex);
  scrollTo.current = virtual.scrollToIndex;
  useEffect(() => {
    if (active >= 0) scrollTo.current(active, { align: 'auto' });
  }, [active]);

  const largest = useMemo(() => {
    const most = (column: PlanColumn): number =>
      scene.plan.nodes.reduce((found, node) => {
        const { value } = planCell(column, node, measuresOf(scene.measures, node), t, i18n.language);
        return Math.max(found, value ?? 0);
      }, 0);
    return new Map(BARS.map((column) => [column, column === 'share' ? 1 : most(column) || 1]));
  }, [scene.plan, scene.measures, t, i18n.language]);

  const onKeyDown = (event: KeyboardEvent) => {
    const line = lines[active];
    const go = (index: number) => {
      const next = lines[Math.max(0, Math.min(lines.length - 1, index))];
      if (next) scene.onSelect(next.node.id);
    };
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / ROW) - 2);
    if (event.key === 'ArrowDown') go(active + 1);
    else if (event.key === 'ArrowUp') go(active - 1);
    else if (event.key === 'PageDown') go(active + page);
    else if (event.key === 'PageUp') go(active - page);
    else if (event.key === 'Home') go(0);
    else if (event.key === 'End') go(lines.length - 1);
    else if (event.key === 'ArrowRight' && line?.expandable && onToggle) {
      if (line.expanded) go(active + 1);
      else onToggle(line.node);
    } else if (event.key === 'ArrowLeft' && line && onToggle) {
      if (line.expandable && line.expanded) onToggle(line.node);
      else go(lines.findLastIndex(({ level }, index) => index < active && level < line.level));
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const grid = {
    gridTemplateColumns: `minmax(${NAME}px, 1fr) ${columns.map((column) => `${widthOf(column)}px`).join(' ')}`,
    minWidth: columns.reduce((sum, column) => sum + widthOf(column), NAME),
  };
  const head = (column: PlanSort['column']) => (
    <div
      key={column}
      className={column === 'node' ? classes.nodeHead : classes.head}
      role="columnheader"
      aria-sort={sort?.column === column ? (sort.descending ? 'descending' : 'ascending') : undefined}
      title={t(`columns.${column}-hint`)}
    >
      {onSort ? (
        <button type="button" className={classes.sort} onClick={() => onSort(column)}>
          {t(`columns.${column}`)}
          {sort?.column !== column ? null : sort.descending ? (
            <IconArrowDown size={14} stroke={1.5} aria-hidden />
          ) : (
            <IconArrowUp size={14} stroke={1.5} aria-hidden />
          )}
        </button>
      ) : (
        t(`columns.${column}`)
      )}
    </div>
  );
  return (
    <div
      ref={scroller}
      className={classes.scroller}
      role="treegrid"
      aria-label={label}
      aria-rowcount={lines.length + 1}
      aria-activedescendant={active >= 0 ? `${id}-${active}` : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div className={classes.heads} role="row" aria-rowindex={1} style={grid}>
        {head('node')}
        {columns.map(head)}
      </div>
      <div className={classes.space} style={{ height: virtual.getTotalSize(), minWidth: grid.minWidth }}>
        {virtual.getVirtualItems().map((item) => {
          const line = lines[item.index];
          if (!line) return null;
          const { node, level, expandable, expanded } = line;
          const measures = measuresOf(scene.measures, node);
          const Arrow = expanded ? IconChevronDown : IconChevronRight;
          return (
            <div
              key={node.id}
              id={`${id}-${item.index}`}
              className={classes.row}
              role="row"
              aria-level={level}
              aria-rowindex={item.index + 2}
              aria-expanded={expandable && onToggle ? expanded : undefined}
              aria-selected={item.index === active}
              style={{ ...grid, transform: `translateY(${item.start - ROW}px)` }}
              onMouseDown={() => scene.onSelect(node.id)}
              onDoubleClick={() => (expandable ? onToggle?.(node) : undefined)}
            >
              <div
                className={classes.node}
                role="rowheader"
                aria-label={spokenNode(node, measures, t, i18n.language)}
                style={{ paddingLeft: onToggle ? Math.min(DEEPEST, level - 1) * INDENT : 8 }}
                data-never={neverRan(node) || undefined}
              >
                {onToggle ? (
                  <span
                    className={classes.arrow}
                    aria-hidden
                    onMouseDown={(event) => event.stopPropagation()}
                    onClick={() => (expandable ? onToggle(node) : undefined)}
                  >
                    {expandable ? <Arrow size={14} stroke={1.5} /> : null}
                  </span>
                ) : null}
                <NodeIcon type={node.type} />
                <span className={classes.title}>{node.title}</span>
                <span className={classes.target} title={visibleText(nodeDetail(node))}>
                  {visibleText(nodeDetail(node))}
                </span>
                {node.subplan === '' ? null : <span className={classes.subplan}>{visibleText(node.subplan)}</span>}
                {neverRan(node) ? <span className={classes.subplan}>{t('never')}</span> : null}
              </div>
              {columns.map((column) => {
                const cell = planCell(column, node, measures, t, i18n.language);
                return (
                  <div key={column} className={classes.cell} role="gridcell" data-heat={cell.heat}>
                    {BARS.includes(column) && cell.value !== null ? (
                      <span
                        className={classes.bar}
                        aria-hidden
                        style={{ width: `${(cell.value / (largest.get(column) ?? 1)) * 100}%` }}
                      />
                    ) : null}
                    {column === 'off' && cell.heat !== 'none' ? (
                      <IconAlertTriangle size={14} stroke={1.5} aria-hidden />
                    ) : null}
                    <span className={classes.figure}>{cell.text}</span>
                  </div>
                );
              })}
            </div>
          );
        })}
      </div>
    </div>
  );
}
