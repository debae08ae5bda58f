import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { DiagramRelation } from '../../../shared/model/diagram';
import { moveItems } from '../../../shared/model/diagram-edits';
import { canvasKey, type CanvasDeeds } from './canvas-keys';
import classes from './diagram-canvas.module.css';
import { FAR, NoteNode, RelationNode, TableNode } from './diagram-nodes';
import { Minimap } from '../../ui/minimap';
import type { DrawingWords } from './draw-table';
import { bounds, grown, touches, visible, type Box, type Point } from './geometry';
import { lineOf } from './routes';
import { sceneOf, type Scene } from './scene';
import type { DiagramTab } from './store';
import { frameBox, shiftOf, useCanvasPointer } from './use-canvas-pointer';

export interface DiagramCanvasProps extends Pick<CanvasDeeds, 'onEdit' | 'onDuplicate' | 'onSave' | 'onSearch'> {
  readonly tab: DiagramTab;
  readonly words: DrawingWords;
  readonly onLink: (keyTable: string, other: string) => void;
}

/** Selected things that are told to those who don't see the drawing. */
const MOST_SPOKEN = 50;

/** Pixels of the screen around a line in which it is hit. */
const NEAR = 6;
/** How far a line may run beyond the tables that it ties. */
const DETOUR = 400;

/** The relation whose line passes a point. */
function relationNear(scene: Scene, point: Point, zoom: number): string | null {
  const near = NEAR / zoom;
  const hit = scene.diagram.relations.find((relation) => {
    const points = lineOf(scene, relation)?.route.points ?? [];
    return points.some((one, index) => {
      const other = points[index + 1];
      if (!other) return false;
      const box = grown(frameBox(one, other), near);
      return point.x >= box.x && point.x <= box.x + box.width && point.y >= box.y && point.y <= box.y + box.height;
    });
  });
  return hit?.id ?? null;
}

/** Where a relation is drawn, roughly: what can't be seen is left out before its line is found. */
function reach(scene: Scene, { from, to }: DiagramRelation): Box | null {
  const boxes = [scene.boxes.get(from), scene.boxes.get(to)].filter((box) => box !== undefined);
  const all = bounds(boxes);
  return all && grown(all, DETOUR);
}

/** The drawing: only what can be seen is made. */
export function DiagramCanvas({ tab, words, onLink, ...deeds }: DiagramCanvasProps) {
  const { onEdit } = deeds;
  const { t } = useTranslation('diagram');
  const diagram = useStore(tab.store, (state) => state.history.present);
  const detail = useStore(tab.store, (state) => state.detail);
  const camera = useStore(tab.store, (state) => state.camera);
  const selection = useStore(tab.store, (state) => state.selection);
  const size = useStore(tab.store, (state) => state.size);
  const [hand, setHand] = useState(false);
  const page = useId();
  const root = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const element = root.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => {
      // A hidden tab has no size; its picture stays as it was.
      if (element.clientWidth > 0) tab.setSize(element.clientWidth, element.clientHeight);
    });
    observer.observe(element);
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const rect = element.getBoundingClientRect();
      if (event.ctrlKey || event.metaKey) {
        const at = { x: event.clientX - rect.left, y: event.clientY - rect.top };
        tab.zoomBy(Math.exp(-Math.max(-100, Math.min(100, event.deltaY)) * 0.0025), at);
      } else if (event.shiftKey) tab.pan(-event.deltaY, 0);
      else tab.pan(-event.deltaX, -event.deltaY);
    };
    // React's own wheel listeners can't hold the page back.
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => {
      observer.disconnect();
      element.removeEventListener('wheel', onWheel);
    };
  }, [tab]);

  const still = useMemo(() => sceneOf(diagram, detail), [diagram, detail]);
  const pointer = useCanvasPointer({
    tab,
    scene: still,
    camera,
    selection,
    hand,
    relationAt: (point) => relationNear(still, point, camera.zoom),
    onLink,
    onEdit,
  });
  const { gesture, hovered } = pointer;
  const shift = gesture?.doing === 'move' ? shiftOf(gesture, camera.zoom) : null;
  const [dx, dy] = [shift?.x ?? 0, shift?.y ?? 0];
  const ids = gesture?.doing === 'move' ? gesture.ids : null;
  const scene = useMemo(
    () => (ids && (dx !== 0 || dy !== 0) ? sceneOf(moveItems(diagram, ids, dx, dy), detail) : still),
    [diagram, detail, still, ids, dx, dy],
  );

  const shown: Box = {
    x: -camera.x / camera.zoom,
    y: -camera.y / camera.zoom,
    width: size.width / camera.zoom,
    height: size.height / camera.zoom,
  };
  const far = camera.zoom < FAR;
  const isSeen = (id: string): boolean => {
    const box = scene.boxes.get(id);
    return box !== undefined && touches(box, shown);
  };
  const focus = hovered ?? (selection.size === 1 ? [...selection][0] : undefined) ?? null;
  const lit = new Set<string>();
  if (focus !== null) {
    for (const { id, from, to } of diagram.relations) {
      if (from !== focus && to !== focus && id !== focus) continue;
      lit.add(id);
    }
  }
  const chosenRelation = diagram.relations.find(({ id }) => selection.has(id));

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === ' ') setHand(true);
    else if (!canvasKey(event, { tab, scene: still, selection, ...deeds })) return;
    event.preventDefault();
    event.stopPropagation();
  };

  const current = [...selection].findLast((id) => scene.boxes.has(id));
  const spoken = (id: string): string | null => {
    const table = scene.tables.get(id);
    if (table) return t('canvas.selected', { name: visible(table.name), columns: table.columns.length });
    const note = diagram.notes.find((each) => each.id === id);
    return note ? t('canvas.selectedNote', { text: visible(note.text) }) : null;
  };
  const whole = bounds(scene.boxes.values()) ?? null;
  return (
    <div className={classes.frame}>
      <div
        ref={root}
        className={classes.canvas}
        role="listbox"
        aria-label={t('canvas.label')}
        aria-describedby={`${page}-keys`}
        aria-multiselectable
        aria-activedescendant={current === undefined ? undefined : `${page}-${current}`}
        tabIndex={0}
        data-hand={hand || undefined}
        data-panning={gesture?.doing === 'pan' || undefined}
        data-linking={gesture?.doing === 'link' || undefined}
        onKeyDown={onKeyDown}
        onKeyUp={(event) => {
          if (event.key === ' ') setHand(false);
        }}
        onBlur={() => setHand(false)}
        {...pointer.handlers}
      >
        <svg className={classes.drawing} aria-hidden>
          <g transform={`translate(${camera.x} ${camera.y}) scale(${camera.zoom})`}>
            {scene.diagram.relations.map((relation) => {
              const box = reach(scene, relation);
              return box && touches(box, shown) ? (
                <RelationNode
                  key={relation.id}
                  scene={scene}
                  relation={relation}
                  lit={lit.has(relation.id)}
                  far={far}
                />
              ) : null;
            })}
            {scene.diagram.tables.map((table) => {
              const box = scene.boxes.get(table.id);
              return box && isSeen(table.id) ? (
                <TableNode
                  key={table.id}
                  table={table}
                  detail={detail}
                  schemas={scene.style.schemas}
                  foreign={scene.foreign.get(table.id)}
                  words={words}
                  width={box.width}
                  height={box.height}
                  farZoom={far ? camera.zoom : 0}
                  chosen={selection.has(table.id)}
                />
              ) : null;
            })}
            {scene.diagram.notes.map((note) =>
              isSeen(note.id) ? <NoteNode key={note.id} note={note} chosen={selection.has(note.id)} /> : null,
            )}
            {gesture?.doing === 'link' ? (
              <path
                className={classes.rubber}
                d={`M${gesture.start.x} ${gesture.start.y}L${gesture.now.x} ${gesture.now.y}`}
              />
            ) : null}
            {gesture?.doing === 'frame' ? (
              <rect className={classes.marquee} {...frameBox(gesture.start, gesture.now)} />
            ) : null}
          </g>
        </svg>
        {[...selection].slice(0, MOST_SPOKEN).map((id) => {
          const text = spoken(id);
          return text === null ? null : (
            <div key={id} id={`${page}-${id}`} className="visually-hidden" role="option" aria-selected>
              {text}
            </div>
          );
        })}
      </div>
      {whole === null ? null : (
        <Minimap
          all={whole}
          boxes={[...scene.boxes].map(([key, box]) => ({ key, ...box, chosen: selection.has(key), tone: 'none' }))}
          window={shown}
          side="right"
          onGo={(x, y) =>
            tab.pan(size.width / 2 - x * camera.zoom - camera.x, size.height / 2 - y * camera.zoom - camera.y)
          }
        />
      )}
      <p id={`${page}-keys`} className="visually-hidden">
        {t('canvas.keys')}
      </p>
      <div className="visually-hidden" role="status">
        {chosenRelation ? t('canvas.selectedRelation', relationNames(scene, chosenRelation)) : ''}
      </div>
    </div>
  );
}

const relationNames = ({ tables }: Scene, { from, to }: { readonly from: string; readonly to: string }) => ({
  from: visible(tables.get(from)?.name ?? ''),
  to: visible(tables.get(to)?.name ?? ''),
});
