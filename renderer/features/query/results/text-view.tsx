import { ActionIcon, TextInput } from '@mantine/core';
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import { useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatCount } from '../../../ui/bytes';
import classes from './viewers.module.css';

/** Hits that are counted. */
const MAX_HITS = 10_000;

/** Offsets of a text within another, whatever the case. */
function hitsOf(text: string, sought: string): number[] {
  if (sought === '') return [];
  const [lower, wanted] = [text.toLowerCase(), sought.toLowerCase()];
  const hits: number[] = [];
  for (
    let at = lower.indexOf(wanted);
    at >= 0 && hits.length < MAX_HITS;
    at = lower.indexOf(wanted, at + wanted.length)
  ) {
    hits.push(at);
  }
  return hits;
}

export interface TextViewProps {
  readonly label: string;
  readonly text: string;
  readonly className: string;
}

/** A text to read, with a field to find something in it. */
export function TextView({ label, text, className }: TextViewProps) {
  const { t, i18n } = useTranslation('results');
  const area = useRef<HTMLTextAreaElement>(null);
  const [sought, setSought] = useState('');
  const [at, setAt] = useState(-1);
  const hits = useMemo(() => hitsOf(text, sought), [text, sought]);
  const go = (step: number) => {
    const { current } = area;
    if (hits.length === 0 || !current) return;
    const next = (at + step + hits.length) % hits.length;
    const start = hits[next] ?? 0;
    setAt(next);
    // The browser scrolls to a selection only where a caret is put: first to its end, then over it.
    current.focus();
    current.setSelectionRange(start, start);
    current.blur();
    current.focus();
    current.setSelectionRange(start, start + sought.length);
  };
  return (
    <>
      <div className={classes.find}>
        <TextInput
          size="xs"
          className={classes.findField}
          aria-label={t('find.label')}
          placeholder={t('find.label')}
          value={sought}
          onChange={(event) => {
            setSought(event.currentTarget.value);
            setAt(-1);
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            go(event.shiftKey ? -1 : 1);
            event.currentTarget.focus();
          }}
        />
        <span className={classes.hits} role="status">
          {sought === ''
            ? ''
            : t('find.hits', { at: formatCount(at + 1, i18n.language), text: formatCount(hits.length, i18n.language) })}
        </span>
        <ActionIcon aria-label={t('find.previous')} disabled={hits.length === 0} onClick={() => go(-1)}>
          <IconChevronUp size={16} stroke={1.5} />
        </ActionIcon>
        <ActionIcon aria-label={t('find.next')} disabled={hits.length === 0} onClick={() => go(1)}>
          <IconChevronDown size={16} stroke={1.5} />
        </ActionIcon>
      </div>
      <textarea ref={area} className={className} aria-label={label} readOnly value={text} />
    </>
  );
}
