import { useEffect, useRef } from 'react';
import type { editor } from 'monaco-editor/editor';
import classes from './sql-editor.module.css';
import { useMonaco } from './use-monaco';

export interface SqlViewerProps {
  readonly text: string;
  readonly label: string;
}

/** SQL to read, search and copy from. Fills its parent. */
export function SqlViewer({ text, label }: SqlViewerProps) {
  const host = useRef<HTMLDivElement>(null);
  const made = useRef<editor.IStandaloneCodeEditor | null>(null);
  const latest = useRef({ text, label });
  latest.current = { text, label };
  const monaco = useMonaco();

  useEffect(() => {
    if (!monaco || !host.current) return undefined;
    const instance = monaco.editor.create(host.current, {
      ...monaco.editorOptions(),
      value: latest.current.text,
      ariaLabel: latest.current.label,
      readOnly: true,
      domReadOnly: true,
    });
    made.current = instance;
    return () => {
      instance.getModel()?.dispose();
      instance.dispose();
      made.current = null;
    };
  }, [monaco]);

  useEffect(() => {
    if (made.current && made.current.getValue() !== text) made.current.setValue(text);
  }, [text]);

  if (monaco) return <div ref={host} className={classes.editor} />;
  return (
    <pre className={classes.plain} aria-label={label}>
      {text}
    </pre>
  );
}
