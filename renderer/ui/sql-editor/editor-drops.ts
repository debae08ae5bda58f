import type { editor } from 'monaco-editor/editor';
import { quoteIdent } from '../../../shared/model/quote';
import { DRAGGED_OBJECT, droppedObject } from '../drag-object';
import type { SqlAssist } from './sql-assist';

/** A query of the columns of a relation; all of them by a star when they can't be read. */
async function selectOf(path: readonly string[], name: string, assist: SqlAssist | null): Promise<string> {
  const columns = assist ? await assist.columns(path, new AbortController().signal).catch(() => []) : [];
  const list = columns.length === 0 ? '*' : columns.map((column) => quoteIdent(column.name)).join(', ');
  return `SELECT ${list}\n  FROM ${name};\n`;
}

/**
 * Lets the editor take things of the tree: their name goes where they are let go, with Shift a query of their columns. Returns what ends
 * that.
 */
export function takeDrops(
  instance: editor.IStandaloneCodeEditor,
  host: HTMLElement,
  assist: () => SqlAssist | null,
): () => void {
  const over = (event: DragEvent): void => {
    if (event.dataTransfer?.types.includes(DRAGGED_OBJECT) !== true) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
  };
  const drop = (event: DragEvent): void => {
    const dropped = event.dataTransfer && droppedObject(event.dataTransfer);
    const position = instance.getTargetAtClientPoint(event.clientX, event.clientY)?.position;
    const model = instance.getModel();
    if (!dropped || !position || !model) return;
    event.preventDefault();
    event.stopPropagation();
    const put = (text: string): void => {
      if (model.isDisposed()) return;
      const { lineNumber, column } = model.validatePosition(position);
      const range = { startLineNumber: lineNumber, startColumn: column, endLineNumber: lineNumber, endColumn: column };
      instance.setPosition(position);
      instance.pushUndoStop();
      instance.executeEdits('drop', [{ range, text, forceMoveMarkers: true }]);
      instance.pushUndoStop();
      instance.focus();
    };
    if (event.shiftKey && dropped.path.length > 0) void selectOf(dropped.path, dropped.name, assist()).then(put);
    else put(dropped.name);
  };
  host.addEventListener('dragover', over, true);
  host.addEventListener('drop', drop, true);
  return () => {
    host.removeEventListener('dragover', over, true);
    host.removeEventListener('drop', drop, true);
  };
}
