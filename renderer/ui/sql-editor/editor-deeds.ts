import type { editor } from 'monaco-editor/editor';
import { PLAIN_ABOVE } from './plain-text';
import type { SqlAssist } from './sql-assist';
import { nameAt } from './statement-at-cursor';
import type { Monaco } from './use-monaco';

type Editor = editor.IStandaloneCodeEditor;

/** Formats what is selected, else everything; undo brings the old text back. */
async function format(instance: Editor, assist: SqlAssist): Promise<void> {
  const model = instance.getModel();
  const selected = instance.getSelection();
  if (!model || !selected || model.getValueLength() > PLAIN_ABOVE) return;
  const range = selected.isEmpty() ? model.getFullModelRange() : selected;
  const version = model.getVersionId();
  const text = model.getValueInRange(range);
  const formatted = await assist.format(text);
  if (formatted === null || formatted === text || model.isDisposed() || model.getVersionId() !== version) return;
  instance.pushUndoStop();
  instance.executeEdits('format', [{ range, text: formatted }]);
  instance.pushUndoStop();
}

function goTo(instance: Editor, assist: SqlAssist, offset: number): void {
  const model = instance.getModel();
  const name = model && model.getValueLength() <= PLAIN_ABOVE ? nameAt(model.getValue(), offset) : null;
  if (name) void assist.goTo(name);
}

function changeCase(instance: Editor, change: (text: string) => string): void {
  const model = instance.getModel();
  if (!model) return;
  const edits = (instance.getSelections() ?? []).flatMap((selection) => {
    const word = model.getWordAtPosition(selection.getStartPosition());
    const line = selection.startLineNumber;
    const range = selection.isEmpty()
      ? word && { startLineNumber: line, endLineNumber: line, startColumn: word.startColumn, endColumn: word.endColumn }
      : selection;
    return range ? [{ range, text: change(model.getValueInRange(range)) }] : [];
  });
  instance.pushUndoStop();
  instance.executeEdits('case', edits, instance.getSelections() ?? []);
  instance.pushUndoStop();
}

/** Adds what the keyboard and the context menu can do by the help of `assist`. Returns what takes it away again. */
export function addDeeds(monaco: Monaco, instance: Editor, assist: SqlAssist): () => void {
  const { KeyMod, KeyCode } = monaco;
  const group = 'howdah';
  const added = [
    instance.addAction({
      id: 'howdah.format',
      label: assist.words.format,
      keybindings: [KeyMod.Shift | KeyMod.Alt | KeyCode.KeyF],
      contextMenuGroupId: group,
      contextMenuOrder: 1,
      run: () => format(instance, assist),
    }),
    instance.addAction({
      id: 'howdah.goTo',
      label: assist.words.goTo,
      keybindings: [KeyCode.F12],
      contextMenuGroupId: group,
      contextMenuOrder: 2,
      run() {
        const position = instance.getPosition();
        const model = instance.getModel();
        if (position && model) goTo(instance, assist, model.getOffsetAt(position));
      },
    }),
    instance.addAction({
      id: 'howdah.upperCase',
      label: assist.words.upperCase,
      keybindings: [KeyMod.Alt | KeyMod.Shift | KeyCode.KeyU],
      contextMenuGroupId: group,
      contextMenuOrder: 3,
      run: () => changeCase(instance, (text) => text.toUpperCase()),
    }),
    instance.addAction({
      id: 'howdah.lowerCase',
      label: assist.words.lowerCase,
      keybindings: [KeyMod.Alt | KeyMod.Shift | KeyCode.KeyL],
      contextMenuGroupId: group,
      contextMenuOrder: 4,
      run: () => changeCase(instance, (text) => text.toLowerCase()),
    }),
    instance.onMouseUp(({ event, target }) => {
      const model = instance.getModel();
      if (!(event.ctrlKey || event.metaKey) || !event.leftButton || !target.position || !model) return;
      if (instance.getSelection()?.isEmpty() === true) goTo(instance, assist, model.getOffsetAt(target.position));
    }),
  ];
  return () => {
    for (const each of added) each.dispose();
  };
}

/**
 * Enter accepts what the list offers when a word was begun, when it was asked for, or when an entry was chosen; else it ends the line, as it
 * does without a list. Returns what takes this away again.
 */
export function guardEnter(instance: Editor, host: HTMLElement): () => void {
  let chosen = false;
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') {
      const position = instance.getPosition();
      const model = instance.getModel();
      const before = model && position ? model.getLineContent(position.lineNumber).slice(0, position.column - 1) : '';
      instance.updateOptions({ acceptSuggestionOnEnter: chosen || /[\p{L}\p{N}_$"]$/u.test(before) ? 'on' : 'off' });
      chosen = false;
    } else if (/^(?:Arrow|Page)(?:Up|Down)$/.test(event.key) || (event.key === ' ' && event.ctrlKey)) chosen = true;
    else if (event.key.length === 1 || event.key === 'Escape') chosen = false;
  };
  host.addEventListener('keydown', onKey, true);
  return () => host.removeEventListener('keydown', onKey, true);
}
