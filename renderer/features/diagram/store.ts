import { createStore, type StoreApi } from 'zustand';
import { EMPTY_DIAGRAM, type Diagram } from '../../../shared/model/diagram';
import { moveItems, placeTables, removeItems } from '../../../shared/model/diagram-edits';
import { mergeRead } from '../../../shared/model/diagram-merge';
import { markSaved, redo, startHistory, step, undo, type DiagramHistory } from '../../../shared/model/diagram-history';
import { bounds, touches, type Box, type Detail, type Point } from './geometry';
import type { LayoutTask } from './layout';
import { layOutAside } from './lay-out-aside';
import { placeAdded } from './place-added';
import { sceneOf } from './scene';

/** Where the drawing's origin is on the screen, and how large a unit is. */
export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

/** Where a diagram is kept: the token writes to the file again. */
export interface DiagramFile {
  readonly token: string;
  readonly name: string;
}

export interface DiagramState {
  readonly history: DiagramHistory;
  readonly selection: ReadonlySet<string>;
  readonly camera: Camera;
  readonly detail: Detail;
  readonly file: DiagramFile | null;
  /** Size of the canvas on the screen. */
  readonly size: { readonly width: number; readonly height: number };
  readonly layingOut: boolean;
}

const LEAST_ZOOM = 0.02;
const MOST_ZOOM = 4;
/** Pixels left free around a drawing that is shown as a whole. */
const FIT_MARGIN = 32;

export interface DiagramTab {
  readonly store: StoreApi<DiagramState>;
  /** Shows another diagram, whose history begins. */
  load(diagram: Diagram, file: DiagramFile | null): void;
  /** One step of editing. */
  change(next: Diagram): void;
  undo(): void;
  redo(): void;
  select(ids: Iterable<string>): void;
  remove(): void;
  move(ids: ReadonlySet<string>, dx: number, dy: number): void;
  setDetail(detail: Detail): void;
  setSize(width: number, height: number): void;
  pan(dx: number, dy: number): void;
  /** Zooms about a point of the canvas; default its middle. */
  zoomBy(factor: number, at?: { readonly x: number; readonly y: number }): void;
  fit(): void;
  /** Brings a thing into the middle, large enough to be read, and selects it. */
  show(id: string): void;
  /** Lays all tables out; a step that can be taken back, unless it is the first picture. */
  layOut(first: boolean): Promise<void>;
  /** Adds what was read beside what is there. Returns whether there was anything new. */
  addRead(read: Diagram): boolean;
  /** The first place at or below this one where a thing of this size covers nothing. */
  freePlace(wanted: Box): Point;
  saved(diagram: Diagram, file: DiagramFile): void;
  close(): void;
}

const clampZoom = (zoom: number): number => Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, zoom));

/** The camera that shows a box as a whole, never larger than life. */
function cameraFor(box: Box | null, { width, height }: DiagramState['size']): Camera {
  if (!box || width === 0) return { x: FIT_MARGIN, y: FIT_MARGIN, zoom: 1 };
  const zoom = clampZoom(Math.min(1, (width - 2 * FIT_MARGIN) / box.width, (height - 2 * FIT_MARGIN) / box.height));
  return {
    x: Math.round(width / 2 - (box.x + box.width / 2) * zoom),
    y: Math.round(height / 2 - (box.y + box.height / 2) * zoom),
    zoom,
  };
}

/** The state of one diagram's tab. */
export function createDiagramTab(): DiagramTab {
  const store = createStore<DiagramState>(() => ({
    history: startHistory(EMPTY_DIAGRAM),
    selection: new Set(),
    camera: { x: FIT_MARGIN, y: FIT_MARGIN, zoom: 1 },
    detail: 'all',
    file: null,
    size: { width: 0, height: 0 },
    layingOut: false,
  }));
  let laying = new AbortController();
  const present = (): Diagram => store.getState().history.present;
  const setHistory = (history: DiagramHistory): void => {
    const { present: diagram } = history;
    const there = new Set([...diagram.tables, ...diagram.relations, ...diagram.notes].map(({ id }) => id));
    store.setState(({ selection }) => ({
      history,
      selection: [...selection].every((id) => there.has(id))
        ? selection
        : new Set([...selection].filter((id) => there.has(id))),
    }));
  };
  const change = (next: Diagram): void => setHistory(step(store.getState().history, next));
  const fit = (): void => {
    const { detail, size } = store.getState();
    store.setState({ camera: cameraFor(bounds(sceneOf(present(), detail).boxes.values()), size) });
  };
  return {
    store,
    load(diagram, file) {
      store.setState({ history: startHistory(diagram), selection: new Set(), file });
      fit();
    },
    change,
    undo: () => setHistory(undo(store.getState().history)),
    redo: () => setHistory(redo(store.getState().history)),
    select: (ids) => store.setState({ selection: new Set(ids) }),
    remove: () => change(removeItems(present(), store.getState().selection)),
    move: (ids, dx, dy) => change(moveItems(present(), ids, dx, dy)),
    setDetail: (detail) => store.setState({ detail }),
    setSize(width, height) {
      const first = store.getState().size.width === 0;
      store.setState({ size: { width, height } });
      if (first) fit();
    },
    pan: (dx, dy) => store.setState(({ camera }) => ({ camera: { ...camera, x: camera.x + dx, y: camera.y + dy } })),
    zoomBy(factor, at) {
      const { camera, size } = store.getState();
      const { x, y } = at ?? { x: size.width / 2, y: size.height / 2 };
      const zoom = clampZoom(camera.zoom * factor);
      const scale = zoom / camera.zoom;
      store.setState({ camera: { x: x - (x - camera.x) * scale, y: y - (y - camera.y) * scale, zoom } });
    },
    fit,
    show(id) {
      const { detail, size, camera } = store.getState();
      const box = sceneOf(present(), detail).boxes.get(id);
      if (!box) return;
      const zoom = Math.max(camera.zoom, 0.8);
      const x = size.width / 2 - (box.x + box.width / 2) * zoom;
      // A table higher than the canvas is shown from its head on.
      const y = size.height / 2 - (box.y + Math.min(box.height, size.height / zoom) / 2) * zoom;
      store.setState({ camera: { x, y, zoom }, selection: new Set([id]) });
    },
    async layOut(first) {
      laying.abort();
      laying = new AbortController();
      const { signal } = laying;
      const diagram = present();
      const { boxes } = sceneOf(diagram, store.getState().detail);
      store.setState({ layingOut: true });
      try {
        const places = await layOutAside(taskOf(diagram, boxes), signal);
        const next = placeTables(present(), places);
        if (first) store.setState({ history: startHistory(next) });
        else change(next);
        fit();
      } finally {
        if (laying.signal === signal) store.setState({ layingOut: false });
      }
    },
    addRead(read) {
      const before = present();
      const known = new Set(before.tables.map(({ id }) => id));
      const merged = mergeRead(before, read);
      if (merged === before) return false;
      const added = new Set(merged.tables.map(({ id }) => id).filter((id) => !known.has(id)));
      const { boxes } = sceneOf(merged, store.getState().detail);
      change(placeTables(merged, placeAdded(merged, boxes, added)));
      store.setState({ selection: added });
      fit();
      return true;
    },
    freePlace({ x, y, width, height }) {
      const boxes = [...sceneOf(present(), store.getState().detail).boxes.values()];
      const covered = (top: number): Box | undefined => boxes.find((box) => touches(box, { x, y: top, width, height }));
      let top = y;
      for (let box = covered(top); box; box = covered(top)) top = Math.ceil((box.y + box.height + 16) / 8) * 8;
      return { x, y: top };
    },
    saved: (diagram, file) => store.setState(({ history }) => ({ history: markSaved(history, diagram), file })),
    close: () => laying.abort(),
  };
}

const taskOf = ({ tables, relations }: Diagram, boxes: ReadonlyMap<string, Box>): LayoutTask => ({
  nodes: tables.map(({ id }) => ({ id, ...sizeOf(boxes.get(id)) })),
  edges: relations.map(({ from, to }) => ({ left: to, right: from })),
});

const sizeOf = (box: Box | undefined) => ({ width: box?.width ?? 0, height: box?.height ?? 0 });
