import { ActionIcon, SegmentedControl } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ResultColumn } from '../../../shared/model/query';
import { api } from '../../api';
import { formatCount } from '../../ui/bytes';
import { CopyButton } from '../../ui/copy-button';
import { ErrorPanel } from '../../ui/error-panel';
import { visibleText } from '../../ui/visible-text';
import classes from './cell-viewer.module.css';
import { HexView, PictureView } from './results/bytes-views';
import { JsonView } from './results/json-view';
import { useNullText } from './results/null-text';
import { PartsView } from './results/parts-view';
import { TextView } from './results/text-view';
import { type ValueForms, type ViewerKind, valueForms, VIEWER_KINDS } from './results/viewer-kinds';
import { XmlView } from './results/xml-view';

const ShapeView = lazy(async () => ({ default: (await import('./results/shape-view')).ShapeView }));

/** Characters that are drawn: the browser lays out no more in good time. Copying takes the whole. */
const SHOWN = 1_000_000;

export interface CellViewerProps {
  readonly resultId: string;
  readonly cell: { readonly row: number; readonly column: number } | null;
  readonly column: ResultColumn | null;
  /** The value in place of the result's, when the cell was changed or added. */
  readonly staged: string | null | undefined;
  readonly onClose: () => void;
}

interface Loaded {
  readonly value: string | null;
  readonly error: unknown;
}

/** The whole value of the selected cell, which the grid shows only the beginning of. */
export function CellViewer({ resultId, cell, column, staged, onClose }: CellViewerProps) {
  const { t, i18n } = useTranslation('query');
  const { t: words } = useTranslation('results');
  const [read, setRead] = useState<Loaded | null>(null);
  const [wanted, setWanted] = useState<ViewerKind | null>(null);
  const row = cell?.row ?? -1;
  const index = cell?.column ?? -1;
  const changed = staged !== undefined;
  useEffect(() => {
    if (row < 0 || changed) return undefined;
    const ending = new AbortController();
    api.query
      .fetch({ resultId, from: row, count: 1 }, ending.signal)
      .then(([values]) => {
        if (!ending.signal.aborted) setRead({ value: values?.[index] ?? null, error: null });
      })
      .catch((error: unknown) => {
        if (!ending.signal.aborted) setRead({ value: null, error });
      });
    return () => ending.abort();
  }, [resultId, row, index, changed]);
  const loaded = staged === undefined ? read : { value: staged, error: null };

  const value = loaded?.value ?? null;
  const typeName = column?.typeName ?? '';
  const forms = useMemo(() => (value === null ? null : valueForms(value, { typeName })), [value, typeName]);
  // What was chosen for one value holds for the next where it can be shown so.
  const kind = forms?.kinds.find((each) => each === wanted) ?? forms?.kinds[0] ?? 'raw';
  return (
    <aside className={classes.viewer} aria-label={t('viewer.title')}>
      <header className={classes.header}>
        <span className={classes.name} title={column?.name ?? ''}>
          {column ? visibleText(column.name) : t('viewer.title')}
        </span>
        <span className={classes.type}>{typeName}</span>
        {value === null ? null : <CopyButton text={value} label={t('viewer.copy')} />}
        <ActionIcon aria-label={t('viewer.close')} onClick={onClose}>
          <IconX size={16} stroke={1.5} />
        </ActionIcon>
      </header>
      {forms === null || forms.kinds.length < 2 ? null : (
        <div className={classes.modes}>
          <SegmentedControl
            size="xs"
            aria-label={words('viewer.as')}
            value={kind}
            data={forms.kinds.map((each) => ({ value: each, label: words(`viewer.kind.${each}`) }))}
            onChange={(next) => setWanted(VIEWER_KINDS.find((each) => each === next) ?? null)}
          />
        </div>
      )}
      <ViewerBody cell={cell} column={column} loaded={loaded} forms={forms} kind={kind} />
      {value === null ? null : (
        <footer className={classes.footer}>
          {t('viewer.length', { count: value.length, text: formatCount(value.length, i18n.language) })}
          {value.length > SHOWN && (kind === 'raw' || kind === 'pretty')
            ? ` · ${t('viewer.cut', { text: formatCount(SHOWN, i18n.language) })}`
            : ''}
        </footer>
      )}
    </aside>
  );
}

interface ViewerBodyProps {
  readonly cell: CellViewerProps['cell'];
  readonly column: ResultColumn | null;
  readonly loaded: Loaded | null;
  readonly forms: ValueForms | null;
  readonly kind: ViewerKind;
}

function ViewerBody({ cell, column, loaded, forms, kind }: ViewerBodyProps) {
  const { t } = useTranslation('query');
  const nullText = useNullText();
  if (!cell) return <p className={classes.quiet}>{t('viewer.none')}</p>;
  if (!loaded) return <p className={classes.quiet}>{t('viewer.loading')}</p>;
  if (loaded.error !== null) return <ErrorPanel error={loaded.error} />;
  if (loaded.value === null || forms === null) return <p className={classes.quiet}>{nullText}</p>;
  if (loaded.value === '') return <p className={classes.quiet}>{t('viewer.empty')}</p>;
  if (kind === 'picture' && forms.bytes && forms.picture !== null) {
    return (
      <PictureView
        key={`${cell.row}.${cell.column}`}
        bytes={forms.bytes}
        type={forms.picture}
        name={column?.name ?? ''}
      />
    );
  }
  if (kind === 'map' && forms.geometry) {
    return (
      <Suspense fallback={<p className={classes.quiet}>{t('viewer.loading')}</p>}>
        <ShapeView geometry={forms.geometry} typeName={column?.typeName ?? ''} />
      </Suspense>
    );
  }
  // A view of its own for each value: what was folded or found belongs to the one before.
  if (kind === 'tree') return <JsonView key={`${cell.row}.${cell.column}`} text={loaded.value} />;
  if (kind === 'xml' && forms.xml) return <XmlView lines={forms.xml} />;
  if (kind === 'list' && forms.parts) return <PartsView parts={forms.parts} />;
  if (kind === 'hex' && forms.bytes) return <HexView bytes={forms.bytes} />;
  const text = kind === 'pretty' && forms.pretty !== null ? forms.pretty : loaded.value;
  return <TextView label={t('viewer.title')} className={classes.text ?? ''} text={text.slice(0, SHOWN)} />;
}
