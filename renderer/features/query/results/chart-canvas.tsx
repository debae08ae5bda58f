import { useElementSize, useMergedRef } from '@mantine/hooks';
import { useEffect, useRef } from 'react';
import type { ChartData } from '../../../../shared/model/chart';
import { useLook } from '../../../ui/use-look';
import classes from './chart.module.css';
import { chartLook, plotChart, type PlotOptions } from './chart-plot';

export interface ChartCanvasProps {
  readonly label: string;
  readonly data: ChartData;
  readonly kind: PlotOptions['kind'];
  readonly xTitle: string;
  readonly yTitle: string;
  readonly onPoint: (index: number | null) => void;
}

/** A chart on a canvas, drawn anew when its figures, its size or the theme change. */
export function ChartCanvas({ label, data, kind, xTitle, yTitle, onPoint }: ChartCanvasProps) {
  const drawnIn = useLook();
  const frame = useRef<HTMLDivElement>(null);
  const { ref: sizeRef, width, height } = useElementSize<HTMLDivElement>();
  const frameRef = useMergedRef(frame, sizeRef);
  useEffect(() => {
    const element = frame.current;
    if (!element || width < 50 || height < 50) return undefined;
    let ended = () => undefined as void;
    // The root's attribute, and with it the tokens, may change after this effect.
    const next = requestAnimationFrame(() => {
      const plot = plotChart(element, data, { kind, width, height, xTitle, yTitle, onPoint, look: chartLook() });
      ended = () => plot.destroy();
    });
    return () => {
      cancelAnimationFrame(next);
      ended();
    };
  }, [data, kind, width, height, xTitle, yTitle, onPoint, drawnIn]);
  return <div ref={frameRef} className={classes.canvas} role="img" aria-label={label} />;
}
