import { useCallback, useEffect, useMemo, useRef, useState, type RefObject } from 'react';
import type { Draft, TextFile } from '../../../../shared/model/library';
import { api } from '../../../api';
import { presentError } from '../../../ui/error-presenter';
import type { SqlEditorHandle } from '../../../ui/sql-editor/sql-editor';
import { readFileOf } from './open-file';

export interface DraftOptions {
  readonly draftId: string | undefined;
  readonly editor: RefObject<SqlEditorHandle | null>;
  readonly initialSql: string;
}

/** A tab's text, kept while it is written, and the file that it belongs to. */
export interface TabDraft {
  /** The text to begin with; null until it is known. */
  readonly text: string | null;
  /** Name of the file; empty is none. */
  readonly fileName: string;
  readonly file: TextFile | null;
  /** Whether closing would lose something: the text is other than that of its file, or than what the tab began with. */
  readonly dirty: boolean;
  /** Told of every change. */
  changed(text: string): void;
  /** The text is that of this file now. */
  bind(file: TextFile, text: string): void;
  /** Sends what isn't kept yet at once, e.g. before the tab goes to another window. */
  flush(): void;
}

/** Milliseconds from the first change that isn't kept until it is. */
const PATIENCE = 700;
/** How often, and how many milliseconds apart, the cursor is put back: the editor may not be here yet. */
const TRIES = 50;
const BETWEEN = 100;

interface Keeping {
  text: string;
  file: TextFile | null;
  /** What the text is compared with; null is other than any. */
  base: string | null;
  timer: ReturnType<typeof setTimeout> | undefined;
}

const isDirty = ({ text, file, base }: Keeping): boolean =>
  file === null && text.trim() === '' ? false : text !== base;

/** The draft of a tab. Without changes of its own it is what the file is now. */
async function readDraft(id: string): Promise<Draft | null> {
  const draft = await api.library.draft({ id });
  if (draft === null || draft.file === null || draft.changed) return draft;
  try {
    return { ...draft, ...(await readFileOf(draft.file.token)) };
  } catch {
    // The file is gone: what is here is all there is of it.
    return { ...draft, changed: true };
  }
}

export function useDraft({ draftId, editor, initialSql }: DraftOptions): TabDraft {
  const [text, setText] = useState(draftId === undefined ? initialSql : null);
  const [file, setFile] = useState<TextFile | null>(null);
  const [dirty, setDirty] = useState(false);
  const [cursor, setCursor] = useState(0);
  const [first] = useState(initialSql);
  const keeping = useRef<Keeping>({ text: first, file: null, base: first, timer: undefined });

  const save = useCallback(() => {
    const now = keeping.current;
    clearTimeout(now.timer);
    now.timer = undefined;
    if (draftId === undefined) return;
    api.library
      .saveDraft({
        id: draftId,
        text: now.text,
        cursor: editor.current?.cursor() ?? 0,
        fileToken: now.file?.token ?? null,
        changed: isDirty(now),
      })
      .catch(presentError);
  }, [draftId, editor]);
  const flush = useCallback(() => {
    if (keeping.current.timer !== undefined) save();
  }, [save]);
  const later = useCallback(() => {
    const now = keeping.current;
    if (now.timer === undefined) now.timer = setTimeout(save, PATIENCE);
  }, [save]);

  useEffect(() => {
    if (draftId === undefined) return undefined;
    let wanted = true;
    const begin = (draft: Draft | null): void => {
      if (!wanted) return;
      const now = keeping.current;
      if (draft !== null) {
        now.text = draft.text;
        now.file = draft.file;
        now.base = draft.changed ? null : draft.text;
      }
      setText(now.text);
      setFile(now.file);
      setDirty(isDirty(now));
      setCursor(draft?.cursor ?? 0);
      // A text that came with the tab is kept as well: the layout keeps none.
      if (draft === null && now.text !== '') save();
    };
    readDraft(draftId).then(begin, (error: unknown) => {
      presentError(error);
      begin(null);
    });
    return () => {
      wanted = false;
    };
  }, [draftId, save]);

  useEffect(() => {
    const now = keeping.current;
    window.addEventListener('blur', flush);
    window.addEventListener('pagehide', flush);
    return () => {
      window.removeEventListener('blur', flush);
      window.removeEventListener('pagehide', flush);
      // Nothing is sent: the draft of a tab that was closed is gone, and that of one that moves was sent before.
      clearTimeout(now.timer);
      now.timer = undefined;
    };
  }, [flush]);

  useEffect(() => {
    if (cursor === 0) return undefined;
    let tries = 0;
    const timer = setInterval(() => {
      tries += 1;
      const handle = editor.current;
      // Whoever has moved or written meanwhile stays where they are.
      const idle = handle !== null && handle.cursor() === 0 && keeping.current.text === text;
      if (idle) handle.goTo(cursor);
      if (tries === TRIES || (handle !== null && handle.cursor() !== 0)) clearInterval(timer);
    }, BETWEEN);
    return () => clearInterval(timer);
  }, [cursor, editor, text]);

  const changed = useCallback(
    (now: string) => {
      keeping.current.text = now;
      setDirty(isDirty(keeping.current));
      later();
    },
    [later],
  );
  const bind = useCallback(
    (to: TextFile, now: string) => {
      Object.assign(keeping.current, { text: now, file: to, base: now });
      setFile(to);
      setDirty(false);
      save();
    },
    [save],
  );
  const fileName = file?.name ?? '';
  return useMemo(
    () => ({ text, fileName, file, dirty, changed, bind, flush }),
    [text, fileName, file, dirty, changed, bind, flush],
  );
}
