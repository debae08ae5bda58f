import { editor, KeyCode, KeyMod, MarkerSeverity } from 'monaco-editor/editor';
import EditorWorker from 'monaco-editor/editor/editor.worker?worker';
import 'monaco-editor/features/anchorSelect/register';
import 'monaco-editor/features/bracketMatching/register';
import 'monaco-editor/features/caretOperations/register';
import 'monaco-editor/features/clipboard/register';
import 'monaco-editor/features/codicon/register';
import 'monaco-editor/features/comment/register';
import 'monaco-editor/features/contextmenu/register';
import 'monaco-editor/features/cursorUndo/register';
import 'monaco-editor/features/find/register';
import 'monaco-editor/features/folding/register';
import 'monaco-editor/features/gotoError/register';
import 'monaco-editor/features/gotoLine/register';
import 'monaco-editor/features/hover/register';
import 'monaco-editor/features/indentation/register';
import 'monaco-editor/features/lineSelection/register';
import 'monaco-editor/features/linesOperations/register';
import 'monaco-editor/features/longLinesHelper/register';
import 'monaco-editor/features/multicursor/register';
import 'monaco-editor/features/placeholderText/register';
import 'monaco-editor/features/readOnlyMessage/register';
import 'monaco-editor/features/smartSelect/register';
import 'monaco-editor/features/toggleTabFocusMode/register';
import 'monaco-editor/features/tokenization/register';
import 'monaco-editor/features/wordHighlighter/register';
import 'monaco-editor/features/wordOperations/register';
import 'monaco-editor/features/wordPartOperations/register';
import 'monaco-editor/languages/definitions/pgsql/register';

// The heavy chunk: nothing imports this file but by `import()`.
self.MonacoEnvironment = { getWorker: () => new EditorWorker() };

const token = (styles: CSSStyleDeclaration, name: string): string => styles.getPropertyValue(name).trim();

/** Defines and applies the editor theme from the tokens that are in force on the document. */
export function applyTheme(scheme: 'light' | 'dark'): void {
  const styles = getComputedStyle(document.documentElement);
  const rule = (tokenName: string, colour: string) => ({
    token: tokenName,
    foreground: token(styles, colour).replace('#', ''),
  });
  editor.defineTheme('howdah', {
    base: scheme === 'dark' ? 'vs-dark' : 'vs',
    inherit: true,
    rules: [
      rule('keyword', '--syntax-keyword'),
      rule('operator', '--text'),
      rule('predefined', '--syntax-number'),
      rule('identifier', '--text'),
      rule('string', '--syntax-string'),
      rule('number', '--syntax-number'),
      rule('comment', '--syntax-comment'),
    ],
    colors: {
      'editor.background': token(styles, '--background'),
      'editor.foreground': token(styles, '--text'),
      'editor.lineHighlightBorder': token(styles, '--background'),
      'editor.lineHighlightBackground': token(styles, '--surface'),
      'editorLineNumber.foreground': token(styles, '--muted'),
      'editorLineNumber.activeForeground': token(styles, '--text'),
      'editorCursor.foreground': token(styles, '--accent'),
      'editorWidget.background': token(styles, '--raised'),
      'editorWidget.border': token(styles, '--border'),
      'input.background': token(styles, '--background'),
      'input.border': token(styles, '--border-strong'),
      'menu.background': token(styles, '--raised'),
      'menu.foreground': token(styles, '--text'),
      focusBorder: token(styles, '--accent'),
    },
  });
  editor.setTheme('howdah');
}

/** The settings that every SQL text in the window shares. */
export function editorOptions(): editor.IStandaloneEditorConstructionOptions {
  const styles = getComputedStyle(document.documentElement);
  return {
    language: 'pgsql',
    theme: 'howdah',
    automaticLayout: true,
    fontFamily: token(styles, '--font-mono'),
    fontSize: Number.parseFloat(token(styles, '--mono-size')),
    lineHeight: Number.parseFloat(token(styles, '--text-line')),
    minimap: { enabled: false },
    scrollBeyondLastLine: false,
    renderLineHighlight: 'line',
    lineNumbersMinChars: 4,
    lineDecorationsWidth: 8,
    glyphMargin: false,
    overviewRulerBorder: false,
    fixedOverflowWidgets: true,
    contextmenu: true,
    tabSize: 2,
    wordBasedSuggestions: 'off',
    quickSuggestions: false,
    unicodeHighlight: { ambiguousCharacters: false },
    stickyScroll: { enabled: false },
    padding: { top: 4, bottom: 4 },
  };
}

export { editor, KeyCode, KeyMod, MarkerSeverity };
