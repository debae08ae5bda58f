import { useTranslation } from 'react-i18next';
import { Explorer } from '../features/catalog/explorer';
import { Splitter } from '../ui/splitter';
import { ErrorBoundary } from './error-boundary';
import { clampWidth, SIDE_PANEL } from './layout';
import classes from './side-panel.module.css';
import { useShell } from './store';

const setWidth = (width: number) =>
  useShell.setState(({ sidePanel }) => ({ sidePanel: { ...sidePanel, width: clampWidth(width) } }));

/** Pixels an arrow key moves the edge. */
const KEY_STEP = 16;

/** The Explorer beside the tabs; its edge is dragged or moved by arrow keys. */
export function SidePanel() {
  const { t } = useTranslation('app');
  const { open, width } = useShell((state) => state.sidePanel);
  return (
    <>
      <aside
        className={classes.panel}
        style={{ width }}
        hidden={!open}
        aria-label={t('panel.explorer')}
        data-region="explorer"
      >
        <ErrorBoundary>
          <Explorer />
        </ErrorBoundary>
      </aside>
      <Splitter
        {...SIDE_PANEL}
        axis="x"
        label={t('panel.resize')}
        hidden={!open}
        value={width}
        step={KEY_STEP}
        pixelsPerUnit={() => 1}
        onChange={setWidth}
      />
    </>
  );
}
