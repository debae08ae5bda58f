import { type Ref, useEffect, useImperativeHandle, useRef } from 'react';
import type { editor } from 'monaco-editor/editor';
import classes from './sql-editor.module.css';
import { addDeeds, guardEnter } from './editor-deeds';
import { takeDrops } from './editor-drops';
import { PLAIN_ABOVE } from './plain-text';
import type { SqlAssist } from './sql-assist';
import { closeOnlyTyped } from './typed-text';
import { type Monaco, useMonaco } from './use-monaco';
import { useOnCommand, useTab } from '../workbench';

/** A fault to underline. Offsets are UTF-16 units from the start of the text, `end` exclusive. */
export interface SqlMark {
  readonly start: number;
  readonly end: number;
  readonly message: string;
}

/** What an owner asks of the editor it holds. */
export interface SqlEditorHandle {
  /** The whole text. */
  text(): string;
  /** Replaces the whole text; undo brings the old one back. */
  setText(text: string): void;
  /** The selected text and its offset; null when nothing is selected. */
  selection(): { readonly text: string; readonly start: number } | null;
  /** Offset of the cursor. */
  cursor(): number;
  /** Puts a text in place of the selection, or at the cursor; a snippet's places (`$1`, `${1:name}`) can be filled in one after the other. */
  insert(text: string, snippet?: boolean): void;
  focus(): void;
  /** Scrolls to an offset and puts the cursor there. */
  goTo(offset: number): void;
}

export interface SqlEditorProps {
  readonly ref?: Ref<SqlEditorHandle>;
  /** Text at the start; later changes of this prop have no effect. */
  readonly initialText: string;
  readonly label: string;
  readonly placeholder?: string;
  readonly marks: readonly SqlMark[];
  readonly onChange: (text: string) => void;
  readonly focusAtStart?: boolean;
  readonly assist?: SqlAssist | null;
}

/** The part of the library that puts snippets in and goes from place to place with Tab; it has no public type. */
interface SnippetController extends editor.IEditorContribution {
  insert(snippet: string): void;
}
const SNIPPETS = 'snippetController2';

function createEditor(monaco: Monaco, host: HTMLElement, props: SqlEditorProps, text: string) {
  const made = monaco.editor.create(host, {
    ...monaco.editorOptions(),
    value: text,
    ...(text.length > PLAIN_ABOVE ? { language: 'plaintext' } : {}),
    ariaLabel: props.label,
    ...(props.placeholder === undefined ? {} : { placeholder: props.placeholder }),
  });
  // F1 opens Monaco's own palette and Ctrl+K starts its chords: both belong to the window.
  monaco.editor.addKeybindingRules([
    { keybinding: monaco.KeyCode.F1, command: null },
    { keybinding: monaco.KeyMod.CtrlCmd | monaco.KeyCode.KeyK, command: null },
  ]);
  return made;
}

/** Milliseconds after the last change of a very long text until it is told. */
const TELL_MS = 500;

/** An editor for SQL. Its library is a chunk of its own: until it is here the text shows in a plain box that can be typed into. */
export function SqlEditor(props: SqlEditorProps) {
  const { ref, initialText, label, marks, placeholder } = props;
  const host = useRef<HTMLDivElement>(null);
  const made = useRef<editor.IStandaloneCodeEditor | null>(null);
  const plain = useRef<HTMLTextAreaElement>(null);
  const text = useRef(initialText);
  const latest = useRef(props);
  latest.current = props;
  const monaco = useMonaco();
  const { active } = useTab();
  useOnCommand('find', () => {
    // In other views the editor is a field among others.
    if (!active || !host.current?.closest('[data-view="query"]')) return;
    made.current?.focus();
    void made.current?.getAction('actions.find')?.run();
  });

  useEffect(() => {
    if (!monaco || !host.current) return undefined;
    const instance = createEditor(monaco, host.current, latest.current, text.current);
    const hadFocus = document.activeElement === plain.current;
    made.current = instance;
    let telling: ReturnType<typeof setTimeout> | undefined;
    const tell = (): void => {
      text.current = instance.getValue();
      latest.current.onChange(text.current);
    };
    const change = instance.onDidChangeModelContent(() => {
      clearTimeout(telling);
      const model = instance.getModel();
      const plainText = (model?.getValueLength() ?? 0) > PLAIN_ABOVE;
      const language = plainText ? 'plaintext' : monaco.SQL_LANGUAGE;
      if (model && model.getLanguageId() !== language) monaco.editor.setModelLanguage(model, language);
      if (plainText) telling = setTimeout(tell, TELL_MS);
      else tell();
    });
    const stops = [
      takeDrops(instance, host.current, () => latest.current.assist ?? null),
      guardEnter(instance, host.current),
      closeOnlyTyped(instance, host.current),
    ];
    if (hadFocus || latest.current.focusAtStart) instance.focus();
    return () => {
      if (telling !== undefined) {
        clearTimeout(telling);
        tell();
      }
      for (const stop of stops) stop();
      change.dispose();
      instance.getModel()?.dispose();
      instance.dispose();
      made.current = null;
    };
  }, [monaco]);

  const assist = props.assist ?? null;
  useEffect(() => {
    const instance = made.current;
    const model = instance?.getModel();
    if (!monaco || !instance || !model) return undefined;
    monaco.setAssist(model, assist);
    const asTyped = assist?.asTyped === true;
    instance.updateOptions({ quickSuggestions: asTyped, suggestOnTriggerCharacters: asTyped });
    return assist ? addDeeds(monaco, instance, assist) : undefined;
  }, [monaco, assist]);

  useEffect(() => {
    const model = made.current?.getModel();
    if (!monaco || !model) return;
    monaco.editor.setModelMarkers(
      model,
      'howdah',
      marks.map((mark) => {
        const from = model.getPositionAt(mark.start);
        const to = model.getPositionAt(Math.max(mark.end, mark.start + 1));
        return {
          severity: monaco.MarkerSeverity.Error,
          message: mark.message,
          startLineNumber: from.lineNumber,
          startColumn: from.column,
          endLineNumber: to.lineNumber,
          endColumn: to.column,
        };
      }),
    );
  }, [monaco, marks]);

  useImperativeHandle(
    ref,
    (): SqlEditorHandle => ({
      text: () => made.current?.getValue() ?? text.current,
      setText(next) {
        const instance = made.current;
        const model = instance?.getModel();
        if (!instance || !model) {
          text.current = next;
          if (plain.current) plain.current.value = next;
          latest.current.onChange(next);
          return;
        }
        instance.pushUndoStop();
        instance.executeEdits('howdah', [{ range: model.getFullModelRange(), text: next }]);
        instance.pushUndoStop();
      },
      selection() {
        const model = made.current?.getModel();
        const range = made.current?.getSelection();
        if (!model || !range || range.isEmpty()) return null;
        return { text: model.getValueInRange(range), start: model.getOffsetAt(range.getStartPosition()) };
      },
      cursor() {
        const model = made.current?.getModel();
        const position = made.current?.getPosition();
        return model && position ? model.getOffsetAt(position) : (plain.current?.selectionStart ?? 0);
      },
      insert(added, snippet) {
        const instance = made.current;
        const range = instance?.getSelection();
        if (!instance || !range) return;
        const snippets = snippet === true ? instance.getContribution<SnippetController>(SNIPPETS) : null;
        if (snippets) {
          instance.focus();
          snippets.insert(added);
          return;
        }
        instance.executeEdits('insert', [{ range, text: added, forceMoveMarkers: true }]);
        instance.focus();
      },
      focus: () => (made.current ?? plain.current)?.focus(),
      goTo(offset) {
        const position = made.current?.getModel()?.getPositionAt(offset);
        if (!made.current || !position) return;
        made.current.setPosition(position);
        made.current.revealPositionInCenterIfOutsideViewport(position);
        made.current.focus();
      },
    }),
    [],
  );

  if (monaco) return <div ref={host} className={classes.editor} />;
  return (
    <textarea
      ref={plain}
      className={classes.plain}
      aria-label={label}
      placeholder={placeholder}
      defaultValue={text.current}
      spellCheck={false}
      onChange={(event) => {
        text.current = event.currentTarget.value;
        props.onChange(text.current);
      }}
    />
  );
}
