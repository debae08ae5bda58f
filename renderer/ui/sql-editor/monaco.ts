import { editor, KeyCode, KeyMod, MarkerSeverity } from 'monaco-editor/editor';
// The feature of the same name registers only a part of it: the list itself is this file.
import 'monaco-editor/editor/contrib/suggest/browser/suggestController';
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
import 'monaco-editor/features/snippet/register';
import 'monaco-editor/features/toggleTabFocusMode/register';
import 'monaco-editor/features/tokenization/register';
import 'monaco-editor/features/wordHighlighter/register';
import 'monaco-editor/features/wordOperations/register';
import 'monaco-editor/features/wordPartOperations/register';
import classes from './sql-editor.module.css';
import { registerSqlLanguage, SQL_LANGUAGE } from './sql-language';
import { registerSqlProviders, setAssist } from './sql-providers';

// The heavy chunk: nothing imports this file but by `import()`.
self.MonacoEnvironment = { getWorker: () => new EditorWorker() };
registerSqlLanguage();
registerSqlProviders();

const token = (styles: CSSStyleDeclaration, name: string): string => styles.getPropertyValue(name).trim();

/** A colour token as `#rrggbb`, the only form that the editor takes: the build shortens colours to `#fff` or names. */
function hexColour(styles: CSSStyleDeclaration, name: string): string {
  const context = document.createElement('canvas').getContext('2d');
  if (!context) return '#808080';
  context.fillStyle = token(styles, name);
  return context.fillStyle;
}

/** Defines and applies the editor theme from the tokens that are in force on the document. */
export function applyTheme(scheme: 'light' | 'dark'): void {
  const styles = getComputedStyle(document.documentElement);
  const colour = (name: string): string => hexColour(styles, name);
  const rule = (tokenName: string, name: string) => ({
    token: tokenName,
    foreground: colour(name).replace('#', ''),
  });
  editor.defineTheme('howdah', {
    base: scheme === 'dark' ? 'vs-dark' : 'vs',
    inherit: true,
    rules: [
      rule('keyword', '--syntax-keyword'),
      rule('constant', '--syntax-keyword'),
      rule('type', '--syntax-type'),
      rule('operator', '--text'),
      rule('delimiter', '--text'),
      rule('string', '--syntax-string'),
      rule('identifier', '--text'),
      rule('number', '--syntax-number'),
      rule('comment', '--syntax-comment'),
    ],
    colors: {
      'editor.background': colour('--background'),
      'editor.foreground': colour('--text'),
      'editor.lineHighlightBorder': colour('--background'),
      'editor.lineHighlightBackground': colour('--surface'),
      'editorLineNumber.foreground': colour('--muted'),
      'editorLineNumber.activeForeground': colour('--text'),
      'editorCursor.foreground': colour('--accent'),
      'editorWidget.background': colour('--raised'),
      'editorWidget.border': colour('--border'),
      'editorSuggestWidget.foreground': colour('--text'),
      'editorSuggestWidget.selectedBackground': colour('--selected'),
      'editorSuggestWidget.selectedForeground': colour('--text'),
      'editorSuggestWidget.selectedIconForeground': colour('--text'),
      'editorSuggestWidget.highlightForeground': colour('--accent'),
      'editorSuggestWidget.focusHighlightForeground': colour('--accent'),
      'editorSuggestWidgetStatus.foreground': colour('--muted'),
      'editor.snippetTabstopHighlightBackground': colour('--selected'),
      'input.background': colour('--background'),
      'input.border': colour('--border-strong'),
      'editorBracketHighlight.foreground1': colour('--text'),
      'editorBracketHighlight.foreground2': colour('--text'),
      'editorBracketHighlight.foreground3': colour('--text'),
      'menu.background': colour('--raised'),
      'menu.foreground': colour('--text'),
      focusBorder: colour('--accent'),
    },
  });
  editor.setTheme('howdah');
}

let overflow: HTMLElement | null = null;

/** Where lists and hovers of all editors are drawn: within a tab, what is fixed would stand in relation to the tab, not to the window. */
function overflowNode(): HTMLElement {
  if (overflow) return overflow;
  overflow = document.createElement('div');
  overflow.className = `monaco-editor ${classes.overflow ?? ''}`;
  document.body.append(overflow);
  return overflow;
}

/** The settings that every SQL text in the window shares. */
export function editorOptions(): editor.IStandaloneEditorConstructionOptions {
  const styles = getComputedStyle(document.documentElement);
  return {
    language: SQL_LANGUAGE,
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
    overflowWidgetsDomNode: overflowNode(),
    contextmenu: true,
    tabSize: 2,
    wordBasedSuggestions: 'off',
    quickSuggestions: false,
    suggestOnTriggerCharacters: false,
    quickSuggestionsDelay: 30,
    acceptSuggestionOnCommitCharacter: false,
    tabCompletion: 'off',
    snippetSuggestions: 'inline',
    suggest: { showStatusBar: false, preview: false, showWords: false, localityBonus: false },
    multiCursorModifier: 'alt',
    unicodeHighlight: { ambiguousCharacters: false },
    stickyScroll: { enabled: false },
    padding: { top: 4, bottom: 4 },
  };
}

export { editor, KeyCode, KeyMod, MarkerSeverity, setAssist, SQL_LANGUAGE };
