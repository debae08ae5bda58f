import classes from './splitter.module.css';

export interface SplitterProps {
  /** Which way the edge moves: `x` between neighbours, `y` between what stands above each other. */
  readonly axis: 'x' | 'y';
  readonly label: string;
  /** Size of the first part, in units of the owner. */
  readonly value: number;
  readonly least: number;
  readonly most: number;
  /** What a double click brings back. */
  readonly usual: number;
  /** What an arrow key adds or takes. */
  readonly step: number;
  /** How many pixels a unit is now. */
  readonly pixelsPerUnit: () => number;
  readonly onChange: (value: number) => void;
  readonly hidden?: boolean;
}

/** The edge between two parts of the window, dragged or moved by arrow keys. The first part stands left or above. */
export function Splitter(props: SplitterProps) {
  const { axis, label, value, least, most, usual, step, pixelsPerUnit, onChange, hidden = false } = props;
  const [less, more] = axis === 'x' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
  const change = (next: number) => onChange(Math.min(most, Math.max(least, next)));
  return (
    <div
      className={classes.edge}
      data-axis={axis}
      hidden={hidden}
      role="separator"
      aria-orientation={axis === 'x' ? 'vertical' : 'horizontal'}
      aria-label={label}
      aria-valuemin={least}
      aria-valuemax={most}
      aria-valuenow={Math.round(value)}
      tabIndex={0}
      onKeyDown={(event) => {
        if (event.key === less) change(value - step);
        if (event.key === more) change(value + step);
      }}
      onDoubleClick={() => onChange(usual)}
      onPointerDown={(event) => {
        event.preventDefault();
        const edge = event.currentTarget;
        const start = axis === 'x' ? event.clientX : event.clientY;
        const unit = pixelsPerUnit();
        edge.setPointerCapture(event.pointerId);
        const move = (moved: PointerEvent) =>
          change(value + ((axis === 'x' ? moved.clientX : moved.clientY) - start) / unit);
        edge.addEventListener('pointermove', move);
        edge.addEventListener('lostpointercapture', () => edge.removeEventListener('pointermove', move), {
          once: true,
        });
      }}
    />
  );
}
