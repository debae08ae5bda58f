import { ActionIcon, Tooltip } from '@mantine/core';
import { IconMaximize, IconMinus, IconPlus } from '@tabler/icons-react';
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { costlyPath } from '../../../../shared/model/plan/measures';
import { useTip } from '../../../ui/tip';
import { visibleText } from '../../../ui/visible-text';
import { useTabActions } from '../../../ui/workbench';
import { Minimap } from '../../../ui/minimap';
import { NodeIcon } from './node-icon';
import classes from './plan-diagram.module.css';
import { BOX, cutText, drawPlan, neighbour, PLACES, type PlanBox } from './plan-drawing';
import { measuresOf, nodeDetail, spokenNode, type Heat, type PlanScene } from './plan-figures';
import { boxWords } from './plan-files';
import { useCamera } from './use-camera';

const icon = { size: 16, stroke: 1.5, 'aria-hidden': true } as const;
/** Colours of the small map, which knows three. */
const HEAT_TONES: Readonly<Record<Heat, 'none' | 'some' | 'most'>> = {
  none: 'none',
  some: 'some',
  much: 'some',
  most: 'most',
};
/** Below this zoom boxes have no words. */
const FAR = 0.3;

/** The plan as boxes that rows flow through; the way to the costliest node stands out. */
export function PlanDiagram({ scene }: { readonly scene: PlanScene }) {
  const { t, i18n } = useTranslation('explain');
  const { plan, measures, selected, onSelect } = scene;
  const drawing = useMemo(() => drawPlan(plan, measures, costlyPath(plan, measures)), [plan, measures]);
  const root = useRef<HTMLDivElement>(null);
  const id = useId();
  const [drag, setDrag] = useState<{ readonly x: number; readonly y: number } | null>(null);
  const chosen = drawing.boxes.find(({ node }) => node.id === selected);
  // A plan that is too large to be read as a whole begins at the chosen node, or where most of it goes.
  const hot = chosen ?? drawing.boxes.findLast(({ costly }) => costly) ?? drawing.boxes[0];
  const end = { x: (hot?.x ?? 0) + BOX.width, y: (hot?.y ?? 0) + BOX.height / 2 };
  const { camera, size, pan, zoom, fit, centre } = useCamera(root, drawing, end);
  const shown = {
    x: -camera.x / camera.zoom,
    y: -camera.y / camera.zoom,
    width: size.width / camera.zoom,
    height: size.height / camera.zoom,
  };
  const tip = useTip();
  const zoomOut = () => zoom(0.8);
  const zoomIn = () => zoom(1.25);
  useTabActions([
    { id: 'plan.zoom-out', label: t('diagram.zoomOut'), run: zoomOut },
    { id: 'plan.zoom-in', label: t('diagram.zoomIn'), run: zoomIn },
    { id: 'plan.fit', label: t('diagram.fit'), run: fit },
  ]);
  const isSeen = ({ x, y }: PlanBox): boolean =>
    x + BOX.width >= shown.x && x <= shown.x + shown.width && y + BOX.height >= shown.y && y <= shown.y + shown.height;

  // Only when another node is chosen: a drawing that is moved must not jump back.
  const bring = useRef(() => undefined as void);
  bring.current = () => {
    if (!chosen || size.width === 0) return;
    const whole =
      chosen.x >= shown.x &&
      chosen.y >= shown.y &&
      chosen.x + BOX.width <= shown.x + shown.width &&
      chosen.y + BOX.height <= shown.y + shown.height;
    if (!whole) centre(chosen.x + BOX.width / 2, chosen.y + BOX.height / 2);
  };
  useEffect(() => bring.current(), [selected]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key.startsWith('Arrow')) {
      const next = neighbour(drawing, selected, event.key);
      if (next !== null) onSelect(next);
    } else if (event.key === 'Home') onSelect(plan.root.id);
    else if (event.key === '+' || event.key === '=') zoomIn();
    else if (event.key === '-') zoomOut();
    else if (event.key === 'f' && !event.ctrlKey && !event.metaKey) fit();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div className={classes.frame}>
      <div
        ref={root}
        className={classes.canvas}
        role="listbox"
        aria-label={t('views.diagram')}
        aria-describedby={`${id}-keys`}
        aria-activedescendant={chosen ? `${id}-chosen` : undefined}
        tabIndex={0}
        data-panning={drag !== null || undefined}
        onKeyDown={onKeyDown}
        onPointerDown={(event) => {
          if (event.button > 1) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          setDrag({ x: event.clientX, y: event.clientY });
          const rect = event.currentTarget.getBoundingClientRect();
          const x = (event.clientX - rect.left - camera.x) / camera.zoom;
          const y = (event.clientY - rect.top - camera.y) / camera.zoom;
          const hit = drawing.boxes.find(
            (box) => x >= box.x && x <= box.x + BOX.width && y >= box.y && y <= box.y + BOX.height,
          );
          if (hit) onSelect(hit.node.id);
        }}
        onPointerMove={(event) => {
          if (!drag) return;
          pan(event.clientX - drag.x, event.clientY - drag.y);
          setDrag({ x: event.clientX, y: event.clientY });
        }}
        onPointerUp={() => setDrag(null)}
        onPointerCancel={() => setDrag(null)}
        onDoubleClick={fit}
      >
        <svg className={classes.drawing} aria-hidden>
          <g transform={`translate(${camera.x} ${camera.y}) scale(${camera.zoom})`}>
            {drawing.edges.map((edge) => {
              const top = Math.min(edge.from.y, edge.to.y);
              const bottom = Math.max(edge.from.y, edge.to.y) + BOX.height;
              const out =
                bottom < shown.y ||
                top > shown.y + shown.height ||
                edge.from.x < shown.x ||
                edge.to.x > shown.x + shown.width;
              return out ? null : (
                <path
                  key={edge.from.node.id}
                  className={classes.edge}
                  d={edge.d}
                  strokeWidth={edge.width}
                  data-aside={edge.aside || undefined}
                  data-costly={edge.from.costly || undefined}
                />
              );
            })}
            {drawing.boxes.filter(isSeen).map((box) => (
              <Box
                key={box.node.id}
                box={box}
                scene={scene}
                chosen={box.node.id === selected}
                far={camera.zoom < FAR}
                language={i18n.language}
              />
            ))}
          </g>
        </svg>
        {chosen ? (
          <div id={`${id}-chosen`} className="visually-hidden" role="option" aria-selected>
            {spokenNode(chosen.node, measuresOf(measures, chosen.node), t, i18n.language)}
          </div>
        ) : null}
      </div>
      <p id={`${id}-keys`} className="visually-hidden">
        {t('diagram.keys')}
      </p>
      <div className={classes.tools}>
        <Tooltip label={tip(t('diagram.zoomOut'), 'plan.zoom-out', '-')}>
          <ActionIcon variant="default" size="lg" aria-label={t('diagram.zoomOut')} onClick={zoomOut}>
            <IconMinus {...icon} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label={tip(t('diagram.zoomIn'), 'plan.zoom-in', '+')}>
          <ActionIcon variant="default" size="lg" aria-label={t('diagram.zoomIn')} onClick={zoomIn}>
            <IconPlus {...icon} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label={tip(t('diagram.fit'), 'plan.fit', 'f')}>
          <ActionIcon variant="default" size="lg" aria-label={t('diagram.fit')} onClick={fit}>
            <IconMaximize {...icon} />
          </ActionIcon>
        </Tooltip>
      </div>
      <Minimap
        all={{ x: 0, y: 0, width: drawing.width, height: drawing.height }}
        boxes={drawing.boxes.map(({ node, x, y, heat }) => ({
          key: node.id,
          x,
          y,
          width: BOX.width,
          height: BOX.height,
          chosen: node.id === selected,
          tone: HEAT_TONES[heat],
        }))}
        window={shown}
        side="left"
        onGo={centre}
      />
    </div>
  );
}

interface BoxProps {
  readonly box: PlanBox;
  readonly scene: PlanScene;
  readonly chosen: boolean;
  readonly far: boolean;
  readonly language: string;
}

function Box({ box, scene, chosen, far, language }: BoxProps) {
  const { t } = useTranslation('explain');
  const { node, heat, share, never, costly } = box;
  const words = boxWords(scene, box, t, language);
  return (
    <g
      transform={`translate(${box.x} ${box.y})`}
      className={classes.box}
      data-node={node.id}
      data-heat={heat}
      data-chosen={chosen || undefined}
      data-costly={costly || undefined}
      data-never={never || undefined}
    >
      <title>{visibleText(`${node.title} ${nodeDetail(node)}`)}</title>
      <rect className={classes.body} width={BOX.width} height={BOX.height} rx={4} />
      <rect
        className={classes.bar}
        x={1}
        y={BOX.height - 4}
        height={3}
        width={Math.max(0, (BOX.width - 2) * (share ?? 0))}
      />
      {far ? null : (
        <>
          <NodeIcon type={node.type} x={BOX.pad} y={7} />
          <text className={classes.title} x={BOX.pad + 22} y={20}>
            {cutText(node.title, PLACES.title)}
          </text>
          <text className={classes.target} x={BOX.pad} y={37}>
            {cutText(nodeDetail(node), PLACES.target)}
          </text>
          <text className={classes.figures} x={BOX.pad} y={54}>
            {cutText(words.figures, PLACES.figures)}
          </text>
          <text className={classes.share} x={BOX.width - BOX.pad} y={54}>
            {words.share}
          </text>
          <text className={classes.off} x={BOX.width} y={-6}>
            {words.off === '' ? '' : `⚠ ${words.off}`}
          </text>
        </>
      )}
    </g>
  );
}
