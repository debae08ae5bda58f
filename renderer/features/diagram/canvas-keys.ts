import type { KeyboardEvent } from 'react';
import { neighbour, type Scene } from './scene';
import type { DiagramTab } from './store';

export interface CanvasDeeds {
  readonly tab: DiagramTab;
  readonly scene: Scene;
  readonly selection: ReadonlySet<string>;
  readonly onEdit: (id: string) => void;
  readonly onDuplicate: () => void;
  readonly onSave: () => void;
  readonly onSearch: () => void;
}

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
const STEP = 8;
const ZOOM = 1.25;

/** What a key does on the drawing. Returns whether it did anything. */
export function canvasKey(event: KeyboardEvent, deeds: CanvasDeeds): boolean {
  const { tab, scene, selection } = deeds;
  const control = event.ctrlKey || event.metaKey;
  const arrow = ARROWS[event.key];
  if (arrow) {
    const [dx, dy] = arrow;
    if (control) return false;
    if (event.altKey) tab.move(selection, dx * STEP, dy * STEP);
    else {
      const next = neighbour(
        scene,
        [...selection].findLast((id) => scene.boxes.has(id)),
        dx,
        dy,
      );
      if (next !== null) tab.show(next);
    }
    return true;
  }
  if (control) {
    switch (event.key.toLowerCase()) {
      case 'z':
        if (event.shiftKey) tab.redo();
        else tab.undo();
        return true;
      case 'y':
        tab.redo();
        return true;
      case 'a':
        tab.select([...scene.boxes.keys()]);
        return true;
      case 'd':
        deeds.onDuplicate();
        return true;
      case 's':
        deeds.onSave();
        return true;
      case 'f':
        deeds.onSearch();
        return true;
      default:
        return false;
    }
  }
  if (event.altKey) return false;
  switch (event.key) {
    case 'Enter': {
      const [id] = selection;
      if (id !== undefined) deeds.onEdit(id);
      return true;
    }
    case 'Delete':
    case 'Backspace':
      tab.remove();
      return true;
    case 'Escape':
      tab.select([]);
      return true;
    case '+':
    case '=':
      tab.zoomBy(ZOOM);
      return true;
    case '-':
      tab.zoomBy(1 / ZOOM);
      return true;
    case 'f':
    case 'F':
      tab.fit();
      return true;
    default:
      return false;
  }
}
