import type { editor } from 'monaco-editor/editor';

/**
 * Closes brackets and quotes, and puts them around what is selected, only for what a key types: a text that comes otherwise (of an input
 * method, dictation) has those that it needs. Returns what takes this away again.
 */
export function closeOnlyTyped(instance: editor.IStandaloneCodeEditor, host: HTMLElement): () => void {
  const close = (how: 'languageDefined' | 'never'): void =>
    instance.updateOptions({ autoClosingBrackets: how, autoClosingQuotes: how, autoSurround: how });
  const down = (event: KeyboardEvent): void =>
    close(event.key.length === 1 && !event.isComposing && !event.metaKey ? 'languageDefined' : 'never');
  const up = (): void => close('never');
  close('never');
  host.addEventListener('keydown', down, true);
  host.addEventListener('keyup', up, true);
  return () => {
    host.removeEventListener('keydown', down, true);
    host.removeEventListener('keyup', up, true);
  };
}
