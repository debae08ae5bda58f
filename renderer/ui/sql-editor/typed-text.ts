import type { editor } from 'monaco-editor/editor';

/**
 * Closes brackets and quotes, and puts them around what is selected, only for single characters that are typed: a longer text that comes at once (of an input method, dictation, a
 * key that writes much) has those that it needs. Returns what takes this away again.
 */
export function closeOnlyTyped(instance: editor.IStandaloneCodeEditor, host: HTMLElement): () => void {
  let again: ReturnType<typeof setTimeout> | undefined;
  const close = (how: 'languageDefined' | 'never'): void =>
    instance.updateOptions({ autoClosingBrackets: how, autoClosingQuotes: how, autoSurround: how });
  const beforeInput = (event: InputEvent): void => {
    if ([...(event.data ?? '')].length < 2) return;
    close('never');
    clearTimeout(again);
    // The editor takes the text while this event goes on.
    again = setTimeout(() => close('languageDefined'), 0);
  };
  host.addEventListener('beforeinput', beforeInput, true);
  return () => {
    clearTimeout(again);
    host.removeEventListener('beforeinput', beforeInput, true);
  };
}
