import { useState, type PointerEvent } from 'react';
import { touches, type Box, type Point } from './geometry';
import { columnAt, itemAt, type Scene } from './scene';
import type { Camera, DiagramTab } from './store';

/** What the pointer is doing now. Points are in the drawing, except while panning. */
export type Gesture =
  | { readonly doing: 'pan'; readonly last: Point }
  | { readonly doing: 'move'; readonly ids: ReadonlySet<string>; readonly start: Point; readonly now: Point }
  | { readonly doing: 'link'; readonly table: string; readonly start: Point; readonly now: Point }
  | { readonly doing: 'frame'; readonly start: Point; readonly now: Point };

/** Moves land on a grid, so that tables line up. */
const GRID = 8;
export const snapped = (value: number): number => Math.round(value / GRID) * GRID;

/** How far a pointer may go before a click is a drag, in pixels of the screen. */
const CLICK = 4;
const KEY_WIDTH = 26;

export function frameBox(start: Point, now: Point): Box {
  return {
    x: Math.min(start.x, now.x),
    y: Math.min(start.y, now.y),
    width: Math.abs(start.x - now.x),
    height: Math.abs(start.y - now.y),
  };
}

export interface PointerWork {
  readonly tab: DiagramTab;
  readonly scene: Scene;
  readonly camera: Camera;
  readonly selection: ReadonlySet<string>;
  /** Whether the space key is held: the hand moves the drawing, whatever is under it. */
  readonly hand: boolean;
  /** The relation at a point, if any. */
  readonly relationAt: (point: Point) => string | null;
  /** A line was drawn from the key of a table to another. */
  readonly onLink: (keyTable: string, other: string) => void;
  readonly onEdit: (id: string) => void;
}

/** Select, move, pan, frame and link by pointer: what stands under it is found by the geometry. */
export function useCanvasPointer(work: PointerWork) {
  const [gesture, setGesture] = useState<Gesture | null>(null);
  const [hovered, setHovered] = useState<string | null>(null);
  const { tab, scene, camera, selection, hand, relationAt } = work;
  const at = (event: { clientX: number; clientY: number; currentTarget: Element }): Point => {
    const rect = event.currentTarget.getBoundingClientRect();
    return {
      x: (event.clientX - rect.left - camera.x) / camera.zoom,
      y: (event.clientY - rect.top - camera.y) / camera.zoom,
    };
  };
  const keyAt = (id: string, point: Point): boolean => {
    const table = scene.tables.get(id);
    if (!table || point.x > table.x + KEY_WIDTH) return false;
    const column = columnAt(scene, table, point);
    const keys = [...(table.primaryKey?.columns ?? []), ...(table.uniques[0]?.columns ?? [])];
    return column !== null && keys.includes(column.id);
  };

  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button > 1) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const point = at(event);
    if (event.button === 1 || hand) {
      setGesture({ doing: 'pan', last: { x: event.clientX, y: event.clientY } });
      return;
    }
    const id = itemAt(scene, point);
    const more = event.shiftKey || event.ctrlKey || event.metaKey;
    if (id === null) {
      const relation = relationAt(point);
      if (relation !== null) tab.select([relation]);
      else if (event.shiftKey) setGesture({ doing: 'frame', start: point, now: point });
      else {
        tab.select([]);
        setGesture({ doing: 'pan', last: { x: event.clientX, y: event.clientY } });
      }
      return;
    }
    if (!more && keyAt(id, point)) {
      tab.select([id]);
      setGesture({ doing: 'link', table: id, start: point, now: point });
      return;
    }
    if (more) {
      const next = new Set(selection);
      if (!next.delete(id)) next.add(id);
      tab.select(next);
      return;
    }
    const ids = selection.has(id) ? selection : new Set([id]);
    if (ids !== selection) tab.select(ids);
    setGesture({ doing: 'move', ids, start: point, now: point });
  };

  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    if (!gesture) {
      setHovered(itemAt(scene, at(event)));
      return;
    }
    if (gesture.doing === 'pan') {
      tab.pan(event.clientX - gesture.last.x, event.clientY - gesture.last.y);
      setGesture({ doing: 'pan', last: { x: event.clientX, y: event.clientY } });
    } else setGesture({ ...gesture, now: at(event) });
  };

  const onPointerUp = (event: PointerEvent<HTMLDivElement>) => {
    if (!gesture) return;
    setGesture(null);
    const now = at(event);
    if (gesture.doing === 'move') {
      const shift = shiftOf(gesture, camera.zoom);
      if (shift.x !== 0 || shift.y !== 0) tab.move(gesture.ids, shift.x, shift.y);
    } else if (gesture.doing === 'link') {
      const other = itemAt(scene, now);
      const far = Math.hypot(now.x - gesture.start.x, now.y - gesture.start.y) * camera.zoom > CLICK;
      if (far && other !== null && scene.tables.has(other)) work.onLink(gesture.table, other);
    } else if (gesture.doing === 'frame') {
      const frame = frameBox(gesture.start, now);
      tab.select([...scene.boxes].filter(([, box]) => touches(frame, box)).map(([id]) => id));
    }
  };

  return {
    gesture,
    hovered,
    handlers: {
      onPointerDown,
      onPointerMove,
      onPointerUp,
      onPointerCancel: () => setGesture(null),
      onPointerLeave: () => setHovered(null),
      onDoubleClick: (event: React.MouseEvent<HTMLDivElement>) => {
        const point = at(event);
        const id = itemAt(scene, point) ?? relationAt(point);
        if (id !== null) work.onEdit(id);
      },
    },
  };
}

/** How far what is dragged has come: nothing before the pointer really moved. */
export function shiftOf(gesture: Extract<Gesture, { doing: 'move' }>, zoom: number): Point {
  const dx = gesture.now.x - gesture.start.x;
  const dy = gesture.now.y - gesture.start.y;
  return Math.hypot(dx, dy) * zoom <= CLICK ? { x: 0, y: 0 } : { x: snapped(dx), y: snapped(dy) };
}
