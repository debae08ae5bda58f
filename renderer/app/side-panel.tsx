import { useTranslation } from 'react-i18next';
import { Explorer } from '../features/catalog/explorer';
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
      <div
        className={classes.edge}
        hidden={!open}
        role="separator"
        aria-orientation="vertical"
        aria-label={t('panel.resize')}
        aria-valuemin={SIDE_PANEL.least}
        aria-valuemax={SIDE_PANEL.most}
        aria-valuenow={width}
        tabIndex={0}
        onKeyDown={(event) => {
          if (event.key === 'ArrowLeft') setWidth(width - KEY_STEP);
          if (event.key === 'ArrowRight') setWidth(width + KEY_STEP);
        }}
        onDoubleClick={() => setWidth(SIDE_PANEL.usual)}
        onPointerDown={(event) => {
          event.preventDefault();
          const edge = event.currentTarget;
          const start = event.clientX;
          edge.setPointerCapture(event.pointerId);
          const move = (moved: PointerEvent) => setWidth(width + moved.clientX - start);
          edge.addEventListener('pointermove', move);
          edge.addEventListener('lostpointercapture', () => edge.removeEventListener('pointermove', move), {
            once: true,
          });
        }}
      />
    </>
  );
}
