import { useTranslation } from 'react-i18next';
import { visibleText } from '../../../ui/visible-text';
import { useNullText } from './null-text';
import type { LiteralPart } from './literal-parts';
import classes from './viewers.module.css';
import { VirtualLines } from './virtual-lines';

const LINE = 22;
const SHOWN = 1000;

/** Elements of an array or fields of a row, one a line. */
export function PartsView({ parts }: { readonly parts: readonly LiteralPart[] }) {
  const { t } = useTranslation('results');
  const nullText = useNullText();
  if (parts.length === 0) return <p className={classes.note}>{t('parts.none')}</p>;
  return (
    <VirtualLines
      label={t('viewer.list')}
      count={parts.length}
      height={LINE}
      renderLine={(index) => {
        const part = parts[index];
        if (!part) return null;
        return (
          <div className={classes.part}>
            <span className={classes.partPlace}>{part.place}</span>
            {part.value === null ? (
              <span className={classes.null}>{nullText}</span>
            ) : (
              <span className={classes.partValue}>{visibleText(part.value.slice(0, SHOWN))}</span>
            )}
          </div>
        );
      }}
    />
  );
}
