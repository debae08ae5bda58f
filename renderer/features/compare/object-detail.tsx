import { Box, Skeleton } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api';
import { ErrorPanel } from '../../ui/error-panel';
import { pairLines } from './model';
import classes from './object-detail.module.css';
import { useAnswer } from './use-answer';

export interface ObjectDetailProps {
  readonly compareId: string;
  readonly itemKey: string;
}

/** Lines of an object that are drawn; a longer definition is cut. */
const SHOWN = 5000;

/** The statements that make an object, of both sides beside each other. */
export function ObjectDetail({ compareId, itemKey }: ObjectDetailProps) {
  const { t } = useTranslation('compare');
  const detail = useAnswer(JSON.stringify([compareId, itemKey]), () => api.compare.detail({ compareId, key: itemKey }));
  const pairs = useMemo(
    () => (detail.value ? pairLines(detail.value.source, detail.value.target) : []),
    [detail.value],
  );
  if (detail.error !== null) return <ErrorPanel error={detail.error} onRetry={detail.again} />;
  if (detail.value === null) return <Skeleton height={120} />;
  return (
    <Box className={classes.scroller ?? ''} tabIndex={0} role="region" aria-label={t('detail')}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t('source')}</th>
            <th scope="col">{t('target')}</th>
          </tr>
        </thead>
        <tbody>
          {pairs.slice(0, SHOWN).map((pair, index) => (
            // Lines have no identity but their place.
            <tr key={index} data-same={pair.same || undefined}>
              <Side text={pair.left} changed={!pair.same} side="source" />
              <Side text={pair.right} changed={!pair.same} side="target" />
            </tr>
          ))}
        </tbody>
      </table>
      {pairs.length > SHOWN ? <p className={classes.note}>{t('cut', { count: SHOWN })}</p> : null}
    </Box>
  );
}

interface SideProps {
  readonly text: string | null;
  readonly changed: boolean;
  readonly side: 'source' | 'target';
}

function Side({ text, changed, side }: SideProps) {
  const mark = !changed || text === null ? ' ' : side === 'source' ? '+' : '−';
  return (
    <td className={classes.cell} data-mark={changed && text !== null ? side : undefined}>
      <span className={classes.mark} aria-hidden>
        {mark}
      </span>
      <span className="selectable">{text ?? ''}</span>
    </td>
  );
}
