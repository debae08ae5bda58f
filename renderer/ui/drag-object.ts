/** The kind of data that a thing of the tree is dragged as, beside plain text. */
export const DRAGGED_OBJECT = 'application/x-howdah-object';

/** What a dragged thing puts into a text. */
export interface DraggedObject {
  /** Its name, quoted and qualified as a statement needs it. */
  readonly name: string;
  /** Schema and name of something that has rows; empty for anything else. */
  readonly path: readonly string[];
}

/** Puts a thing on its way. */
export function startDrag(data: DataTransfer, dragged: DraggedObject): void {
  data.setData('text/plain', dragged.name);
  data.setData(DRAGGED_OBJECT, JSON.stringify(dragged.path));
  data.effectAllowed = 'copy';
}

/** What is dropped; null when it is nothing of the tree. */
export function droppedObject(data: DataTransfer): DraggedObject | null {
  const own = data.getData(DRAGGED_OBJECT);
  if (own === '') return null;
  const path: unknown = JSON.parse(own);
  const names = Array.isArray(path) ? path.filter((each) => typeof each === 'string') : [];
  return { name: data.getData('text/plain'), path: names };
}
