import { ActionIcon, Box } from '@mantine/core';
import { useElementSize, useMergedRef } from '@mantine/hooks';
import { IconFocusCentered, IconMinus, IconPlus } from '@tabler/icons-react';
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { extentOf } from '../../../../shared/model/geometry';
import type { Geometry, Position, Shape } from '../../../../shared/model/geometry-shapes';
import { frameFor, geometryAt, type MapFrame, moved, toPlane, zoomed } from './map-frame';
import { mapLook, paintMap } from './map-paint';
import { useLook } from '../../../ui/use-look';
import classes from './map.module.css';

/** Pixels within which a click means a shape. */
const REACH = 8;
const STEP = 60;
const WORLD = { minX: -180, minY: -90, maxX: 180, maxY: 90 };

export interface MapCanvasProps {
  readonly geometries: readonly Geometry[];
  readonly onEarth: boolean;
  /** Index of the chosen geometry; −1 is none. */
  readonly chosen: number;
  readonly onChoose: (index: number) => void;
}

/** Geometries on a plane, or on the outlines of the continents: moved by dragging or arrow keys, closer by wheel, buttons or + and −. */
export function MapCanvas({ geometries, onEarth, chosen, onChoose }: MapCanvasProps) {
  const { t } = useTranslation('results');
  const drawnIn = useLook();
  const canvas = useRef<HTMLCanvasElement>(null);
  const { ref: sizeRef, width, height } = useElementSize<HTMLCanvasElement>();
  const canvasRef = useMergedRef(canvas, sizeRef);
  const size = useMemo(() => ({ width, height }), [width, height]);
  const extent = useMemo(() => extentOf(geometries), [geometries]);
  const world = useWorld(onEarth);
  const [own, setOwn] = useState<MapFrame | null>(null);
  const whole = useMemo(() => frameFor(extent ?? WORLD, size), [extent, size]);
  // One point on the earth is shown with some country around it.
  const start = onEarth && whole.scale > 40 ? { ...whole, scale: 40 } : whole;
  const frame = own ?? start;
  const latest = useRef(frame);
  latest.current = frame;

  const paint = useCallback(() => {
    const context = canvas.current?.getContext('2d');
    if (!canvas.current || !context || width === 0 || height === 0) return;
    const ratio = window.devicePixelRatio;
    canvas.current.width = Math.round(width * ratio);
    canvas.current.height = Math.round(height * ratio);
    context.scale(ratio, ratio);
    paintMap(context, { geometries, chosen, world, onEarth }, frame, size, mapLook());
  }, [geometries, chosen, world, onEarth, frame, size, width, height]);
  useEffect(() => {
    // The root's attribute, and with it the tokens, may change after this effect.
    const next = requestAnimationFrame(paint);
    return () => cancelAnimationFrame(next);
  }, [paint, drawnIn]);

  useEffect(() => {
    const element = canvas.current;
    if (!element) return undefined;
    // React's own wheel listeners are passive: they could not keep the page from scrolling.
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      setOwn(zoomed(latest.current, size, [event.offsetX, event.offsetY], 1.0015 ** -event.deltaY));
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [size]);

  const middle: Position = [width / 2, height / 2];
  const zoom = (factor: number) => setOwn(zoomed(frame, size, middle, factor));
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === '+' || event.key === '=') zoom(1.5);
    else if (event.key === '-') zoom(1 / 1.5);
    else if (event.key === '0') setOwn(null);
    else if (event.key === 'ArrowLeft') setOwn(moved(frame, STEP, 0));
    else if (event.key === 'ArrowRight') setOwn(moved(frame, -STEP, 0));
    else if (event.key === 'ArrowUp') setOwn(moved(frame, 0, STEP));
    else if (event.key === 'ArrowDown') setOwn(moved(frame, 0, -STEP));
    else return;
    event.preventDefault();
  };
  return (
    <Box className={classes.map ?? ''} role="group" aria-label={t('map.label')} tabIndex={0} onKeyDown={onKeyDown}>
      <canvas
        ref={canvasRef}
        className={classes.canvas}
        role="img"
        aria-label={t('map.shapes', { count: geometries.length })}
        onPointerDown={(event) => {
          const element = event.currentTarget;
          const from = { x: event.clientX, y: event.clientY, frame };
          let far = false;
          element.setPointerCapture(event.pointerId);
          const move = (next: PointerEvent) => {
            const [dx, dy] = [next.clientX - from.x, next.clientY - from.y];
            far ||= Math.hypot(dx, dy) > 3;
            if (far) setOwn(moved(from.frame, dx, dy));
          };
          const end = (last: PointerEvent) => {
            element.removeEventListener('pointermove', move);
            if (far) return;
            const bounds = element.getBoundingClientRect();
            const at = toPlane(from.frame, size, [last.clientX - bounds.left, last.clientY - bounds.top]);
            onChoose(geometryAt(geometries, at, REACH / from.frame.scale));
          };
          element.addEventListener('pointermove', move);
          element.addEventListener('pointerup', end, { once: true });
        }}
      />
      <div className={classes.buttons}>
        <ActionIcon variant="default" aria-label={t('map.closer')} onClick={() => zoom(1.5)}>
          <IconPlus size={16} stroke={1.5} />
        </ActionIcon>
        <ActionIcon variant="default" aria-label={t('map.farther')} onClick={() => zoom(1 / 1.5)}>
          <IconMinus size={16} stroke={1.5} />
        </ActionIcon>
        <ActionIcon variant="default" aria-label={t('map.whole')} onClick={() => setOwn(null)}>
          <IconFocusCentered size={16} stroke={1.5} />
        </ActionIcon>
      </div>
    </Box>
  );
}

const NO_WORLD: readonly Shape[] = [];

/** The continents' outlines, loaded when they are first wanted. */
function useWorld(wanted: boolean): readonly Shape[] {
  const [world, setWorld] = useState(NO_WORLD);
  useEffect(() => {
    if (!wanted) return undefined;
    let there = true;
    void import('./world').then(({ worldOutline }) => {
      if (there) setWorld(worldOutline());
    });
    return () => {
      there = false;
    };
  }, [wanted]);
  return wanted ? world : NO_WORLD;
}
