import { type CancellationToken, type editor, languages, Range, type Position } from 'monaco-editor/editor';
import type { Completion, CompletionItem, CompletionKind, NameMeaning } from '../../../shared/model/completion';
import { visibleText } from '../visible-text';
import { PLAIN_ABOVE } from './plain-text';
import type { SqlAssist } from './sql-assist';
import { SQL_LANGUAGE } from './sql-language';
import { nameAt, writtenAt } from './statement-at-cursor';

/** Several editors share one provider: who helps is kept by model. */
const helpers = new WeakMap<editor.ITextModel, SqlAssist>();

/** Who helps with the text of a model; null is nobody. */
export function setAssist(model: editor.ITextModel, assist: SqlAssist | null): void {
  if (assist) helpers.set(model, assist);
  else helpers.delete(model);
}

const KINDS: Readonly<Record<CompletionKind, languages.CompletionItemKind>> = {
  keyword: languages.CompletionItemKind.Keyword,
  schema: languages.CompletionItemKind.Module,
  table: languages.CompletionItemKind.Struct,
  view: languages.CompletionItemKind.Interface,
  column: languages.CompletionItemKind.Field,
  function: languages.CompletionItemKind.Function,
  type: languages.CompletionItemKind.TypeParameter,
  alias: languages.CompletionItemKind.Variable,
  cte: languages.CompletionItemKind.Variable,
  variable: languages.CompletionItemKind.Variable,
  database: languages.CompletionItemKind.Folder,
  role: languages.CompletionItemKind.User,
  setting: languages.CompletionItemKind.Property,
  snippet: languages.CompletionItemKind.Snippet,
  join: languages.CompletionItemKind.Reference,
};

/** Milliseconds between two questions while names are being read, and how often to ask. */
const AGAIN_MS = 150;
const MOST_TIMES = 60;
/** How often to ask for the rest when something is there already and the person has pressed the keys for it. */
const PATIENT_TIMES = 15;

/** Longer statements are data: nobody writes them by hand. */
const LONGEST = 200_000;

function signalOf(token: CancellationToken): AbortSignal {
  const controller = new AbortController();
  token.onCancellationRequested(() => controller.abort());
  return controller.signal;
}

const pause = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, AGAIN_MS);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });

/** Asks until there is something to offer: at the first question the names may still be on their way. */
async function ask(
  assist: SqlAssist,
  text: string,
  offset: number,
  asked: boolean,
  signal: AbortSignal,
): Promise<Completion> {
  for (let times = 1; ; times += 1) {
    const found = await assist.complete(text, offset, asked, signal);
    const waits =
      found.loading && (asked ? times < PATIENT_TIMES : found.items.every(({ kind }) => kind === 'keyword'));
    if (!waits || times === MOST_TIMES || signal.aborted) return found;
    await pause(signal);
    if (signal.aborted) return found;
  }
}

const escaped = (text: string): string => text.replaceAll(/[\\$}]/g, '\\$&');

/** What the list shows and what it puts in. */
function suggestion(
  item: CompletionItem,
  place: number,
  range: Range,
  typed: string,
  next: string,
): languages.CompletionItem {
  const call = item.kind === 'function' && item.insert.endsWith('(');
  const name = call ? item.insert.slice(0, -1) : item.insert;
  // The parentheses of a call come with it, unless they stand there already.
  const withCursor = call && next !== '(';
  const snippet = withCursor || item.kind === 'snippet';
  return {
    label: { label: visibleText(item.label), description: visibleText(item.detail) },
    kind: KINDS[item.kind],
    insertText: item.kind === 'snippet' ? item.insert : withCursor ? `${escaped(name)}($0)` : name,
    ...(snippet ? { insertTextRules: languages.CompletionItemInsertTextRule.InsertAsSnippet } : {}),
    filterText: typed.startsWith('"') ? item.insert : item.label,
    sortText: String(place).padStart(4, '0'),
    range,
  };
}

async function provide(
  model: editor.ITextModel,
  position: Position,
  asked: boolean,
  token: CancellationToken,
): Promise<languages.CompletionList> {
  const assist = helpers.get(model);
  if (!assist) return { suggestions: [] };
  const signal = signalOf(token);
  const offset = model.getOffsetAt(position);
  const statement = writtenAt(model.getValue(), offset);
  if (statement.text.length > LONGEST) return { suggestions: [] };
  try {
    const found = await ask(assist, statement.text, offset - statement.start, asked, signal);
    if (signal.aborted || model.isDisposed()) return { suggestions: [] };
    const [from, to] = [found.from + statement.start, found.to + statement.start];
    const range = Range.fromPositions(model.getPositionAt(from), model.getPositionAt(to));
    const typed = model.getValueInRange(Range.fromPositions(range.getStartPosition(), position));
    const next = model.getValueInRange(Range.fromPositions(model.getPositionAt(to), model.getPositionAt(to + 1)));
    return {
      suggestions: found.items.map((item, place) => suggestion(item, place, range, typed, next)),
      incomplete: found.more || found.loading,
    };
  } catch {
    // Help that can't be had must not disturb who writes; the tab itself says when its session is gone.
    return { suggestions: [] };
  }
}

/** As a block of code, whatever the text is: nothing of it is read as markup. */
function codeBlock(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}

/** Columns or forms of a function that a hover shows. */
const MOST_LINES = 40;

/** The lines of a hover: of each column name and type side by side, cut where there are too many. */
function hoverLines({ lines, columns }: NameMeaning): readonly string[] {
  const width = Math.min(40, Math.max(0, ...columns.map((column) => visibleText(column.name).length)));
  const all = [
    ...lines.map(visibleText),
    ...columns.map((column) => `${visibleText(column.name).padEnd(width)}  ${visibleText(column.type)}`.trimEnd()),
  ];
  return all.length > MOST_LINES ? [...all.slice(0, MOST_LINES), '…'] : all;
}

async function hover(
  model: editor.ITextModel,
  position: Position,
  token: CancellationToken,
): Promise<languages.Hover | null> {
  const assist = helpers.get(model);
  if (!assist || model.getValueLength() > PLAIN_ABOVE) return null;
  const name = nameAt(model.getValue(), model.getOffsetAt(position));
  if (!name || name.statement.length > LONGEST) return null;
  const meaning = await assist.meaning(name.statement, name.offset, signalOf(token)).catch(() => null);
  const lines = meaning ? hoverLines(meaning) : [];
  if (lines.length === 0 || model.isDisposed()) return null;
  return {
    range: Range.fromPositions(model.getPositionAt(name.start), model.getPositionAt(name.end)),
    contents: [{ value: codeBlock(lines.join('\n')), isTrusted: false, supportHtml: false }],
  };
}

/** Registers what helps in every editor of SQL; once. */
export function registerSqlProviders(): void {
  languages.registerCompletionItemProvider(SQL_LANGUAGE, {
    triggerCharacters: ['.', '"'],
    provideCompletionItems: (model, position, context, token) =>
      provide(model, position, context.triggerKind === languages.CompletionTriggerKind.Invoke, token),
  });
  languages.registerHoverProvider(SQL_LANGUAGE, {
    provideHover: (model, position, token) => hover(model, position, token),
  });
}
