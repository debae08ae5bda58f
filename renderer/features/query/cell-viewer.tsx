import { ActionIcon, SegmentedControl } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ResultColumn } from '../../../shared/model/query';
import { api } from '../../api';
import { formatCount } from '../../ui/bytes';
import { CopyButton } from '../../ui/copy-button';
import { ErrorPanel } from '../../ui/error-panel';
import classes from './cell-viewer.module.css';
import { prettyJson } from './json-pretty';

/** Characters that are drawn: the browser lays out no more in good time. Copying takes the whole. */
const SHOWN = 1_000_000;

export interface CellViewerProps {
  readonly resultId: string;
  readonly cell: { readonly row: number; readonly column: number } | null;
  readonly column: ResultColumn | null;
  readonly onClose: () => void;
}

interface Loaded {
  readonly value: string | null;
  readonly error: unknown;
}

/** The whole value of the selected cell, which the grid shows only the beginning of. */
export function CellViewer({ resultId, cell, column, onClose }: CellViewerProps) {
  const { t, i18n } = useTranslation('query');
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [raw, setRaw] = useState(false);
  const row = cell?.row ?? -1;
  const index = cell?.column ?? -1;
  useEffect(() => {
    if (row < 0) return undefined;
    const ending = new AbortController();
    api.query
      .fetch({ resultId, from: row, count: 1 }, ending.signal)
      .then(([values]) => {
        if (!ending.signal.aborted) setLoaded({ value: values?.[index] ?? null, error: null });
      })
      .catch((error: unknown) => {
        if (!ending.signal.aborted) setLoaded({ value: null, error });
      });
    return () => ending.abort();
  }, [resultId, row, index]);

  const value = loaded?.value ?? null;
  const pretty = useMemo(() => (value === null ? null : prettyJson(value)), [value]);
  const text = raw || pretty === null ? value : pretty;
  return (
    <aside className={classes.viewer} aria-label={t('viewer.title')}>
      <header className={classes.header}>
        <span className={classes.name} title={column?.name ?? ''}>
          {column?.name ?? t('viewer.title')}
        </span>
        <span className={classes.type}>{column?.typeName ?? ''}</span>
        {value === null ? null : <CopyButton text={value} label={t('viewer.copy')} />}
        <ActionIcon aria-label={t('viewer.close')} onClick={onClose}>
          <IconX size={16} stroke={1.5} />
        </ActionIcon>
      </header>
      {pretty === null ? null : (
        <div className={classes.modes}>
          <SegmentedControl
            size="xs"
            value={raw ? 'raw' : 'pretty'}
            onChange={(mode) => setRaw(mode === 'raw')}
            data={[
              { value: 'pretty', label: t('viewer.pretty') },
              { value: 'raw', label: t('viewer.raw') },
            ]}
          />
        </div>
      )}
      <ViewerBody cell={cell} loaded={loaded} text={text} />
      {value === null ? null : (
        <footer className={classes.footer}>
          {t('viewer.length', { count: value.length, text: formatCount(value.length, i18n.language) })}
          {value.length > SHOWN ? ` · ${t('viewer.cut', { text: formatCount(SHOWN, i18n.language) })}` : ''}
        </footer>
      )}
    </aside>
  );
}

interface ViewerBodyProps {
  readonly cell: CellViewerProps['cell'];
  readonly loaded: Loaded | null;
  readonly text: string | null;
}

function ViewerBody({ cell, loaded, text }: ViewerBodyProps) {
  const { t } = useTranslation('query');
  if (!cell) return <p className={classes.quiet}>{t('viewer.none')}</p>;
  if (!loaded) return <p className={classes.quiet}>{t('viewer.loading')}</p>;
  if (loaded.error !== null) return <ErrorPanel error={loaded.error} />;
  if (text === null) return <p className={classes.quiet}>NULL</p>;
  if (text === '') return <p className={classes.quiet}>{t('viewer.empty')}</p>;
  return <textarea className={classes.text} aria-label={t('viewer.title')} readOnly value={text.slice(0, SHOWN)} />;
}
