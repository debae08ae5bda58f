import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useId, useRef, type KeyboardEvent, type ReactNode } from 'react';
import { type DraggedObject, startDrag } from '../drag-object';
import classes from './tree.module.css';
import { moveByKey, type TreeLine } from './tree-model';

/** Pixels; the same as `--row`. */
const LINE_HEIGHT = 24;
/** Pixels that each level is indented by. */
const INDENT = 12;

export interface TreeProps<Line extends TreeLine> {
  readonly label: string;
  readonly lines: readonly Line[];
  readonly activeKey: string | null;
  readonly renderLine: (line: Line) => ReactNode;
  /** What a screen reader says of the line. */
  readonly nameOf: (line: Line) => string;
  readonly onActivate: (line: Line) => void;
  readonly onToggle: (line: Line) => void;
  /** Enter or double click. */
  readonly onOpen: (line: Line) => void;
  /** Right click, the menu key or Shift+F10; a point of the window. */
  readonly onMenu: (line: Line, at: { readonly x: number; readonly y: number }) => void;
  /** A printable character was typed. */
  readonly onType: (text: string) => void;
  /** What a line is dragged as; null when it can't be dragged. */
  readonly dragOf?: (line: Line) => DraggedObject | null;
  /** Keys that the tree itself has no use for. */
  readonly onKey?: (event: KeyboardEvent) => void;
}

/** A tree that draws only the lines in view. Focus stays on the tree; the active line is told by `aria-activedescendant`. */
export function Tree<Line extends TreeLine>(props: TreeProps<Line>) {
  const { lines, activeKey } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const id = useId();
  const active = activeKey === null ? -1 : lines.findIndex((line) => line.key === activeKey);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_HEIGHT,
    overscan: 12,
    getItemKey: (index) => lines[index]?.key ?? index,
  });

  // Only when another line becomes active: lines that arrive above must not make the tree jump.
  const scrollTo = useRef(virtual.scrollToIndex);
  scrollTo.current = virtual.scrollToIndex;
  const activeIndex = useRef(active);
  activeIndex.current = active;
  useEffect(() => {
    if (activeIndex.current >= 0) scrollTo.current(activeIndex.current, { align: 'auto' });
  }, [activeKey]);

  const menuAt = (index: number): void => {
    const line = lines[index];
    const box = scroller.current?.querySelector(`[data-index="${index}"]`)?.getBoundingClientRect();
    if (line && box) props.onMenu(line, { x: box.left + INDENT * line.level + LINE_HEIGHT, y: box.bottom });
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / LINE_HEIGHT) - 1);
    const move = moveByKey(lines, active, event.key, event.shiftKey, page);
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (move && plain) {
      event.preventDefault();
      event.stopPropagation();
      const pick = (index: number, act: (line: Line) => void): void => {
        const line = lines[index];
        if (line) act(line);
      };
      if ('to' in move) pick(move.to, props.onActivate);
      else if ('toggle' in move) pick(move.toggle, props.onToggle);
      else if ('open' in move) pick(move.open, props.onOpen);
      else menuAt(move.menu);
      return;
    }
    if (plain && event.key.length === 1 && event.key !== ' ') {
      event.preventDefault();
      props.onType(event.key);
      return;
    }
    props.onKey?.(event);
  };

  const activeLine = lines[active];
  return (
    <div
      ref={scroller}
      className={classes.tree}
      role="tree"
      tabIndex={0}
      aria-label={props.label}
      aria-activedescendant={activeLine ? `${id}-${active}` : undefined}
      onKeyDown={onKeyDown}
    >
      <div className={classes.space} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const line = lines[item.index];
          if (!line) return null;
          const Arrow = line.expanded ? IconChevronDown : IconChevronRight;
          return (
            <div
              key={item.key}
              id={`${id}-${item.index}`}
              data-index={item.index}
              data-key={line.key}
              className={classes.line}
              style={{ transform: `translateY(${item.start}px)`, paddingLeft: INDENT * (line.level - 1) + 4 }}
              role="treeitem"
              aria-label={props.nameOf(line)}
              aria-level={line.level}
              aria-posinset={line.position}
              aria-setsize={line.siblings}
              aria-expanded={line.expandable ? line.expanded : undefined}
              aria-selected={item.index === active}
              onMouseDown={() => props.onActivate(line)}
              onDoubleClick={() => props.onOpen(line)}
              draggable={(props.dragOf?.(line) ?? null) !== null}
              onDragStart={(event) => {
                const dragged = props.dragOf?.(line) ?? null;
                if (dragged) startDrag(event.dataTransfer, dragged);
              }}
              onContextMenu={(event) => {
                event.preventDefault();
                props.onActivate(line);
                props.onMenu(line, { x: event.clientX, y: event.clientY });
              }}
            >
              <span
                className={classes.arrow}
                aria-hidden
                onMouseDown={(event) => event.stopPropagation()}
                onDoubleClick={(event) => event.stopPropagation()}
                onClick={() => {
                  if (line.expandable) props.onToggle(line);
                }}
              >
                {line.expandable ? <Arrow size={14} stroke={1.5} /> : null}
              </span>
              {props.renderLine(line)}
            </div>
          );
        })}
      </div>
    </div>
  );
}
