import { useTranslation } from 'react-i18next';
import { visibleText } from '../../../ui/visible-text';
import classes from './viewers.module.css';
import { VirtualLines } from './virtual-lines';
import type { XmlLine } from './xml-lines';

const LINE = 18;
/** Characters of a piece that are drawn on its line. */
const SHOWN = 2000;
const MAX_INDENT = 40;

/** XML indented, in the colours of its parts. */
export function XmlView({ lines }: { readonly lines: readonly XmlLine[] }) {
  const { t } = useTranslation('results');
  return (
    <VirtualLines
      label={t('viewer.xml')}
      count={lines.length}
      height={LINE}
      renderLine={(index) => {
        const line = lines[index];
        if (!line) return null;
        return (
          <code className={classes.xml} style={{ paddingLeft: Math.min(line.depth, MAX_INDENT) * 14 + 12 }}>
            {line.pieces.map(({ text, tone }, at) => (
              // Pieces of one line never change their places.
              <span key={`${at}${tone}`} className={classes[`xml-${tone}`]}>
                {visibleText(text.slice(0, SHOWN))}
              </span>
            ))}
          </code>
        );
      }}
    />
  );
}
