import classes from './paints.module.css';
import type { Shape } from './shapes';

/** What is drawn, as elements. Text is text: names can hold anything. */
export function Shapes({ shapes }: { readonly shapes: readonly Shape[] }) {
  return shapes.map((shape, index) => {
    const paint = classes[shape.paint] ?? '';
    switch (shape.kind) {
      case 'rect':
        return (
          <rect
            key={index}
            className={paint}
            x={shape.x}
            y={shape.y}
            width={shape.width}
            height={shape.height}
            rx={shape.radius}
          />
        );
      case 'path':
        return <path key={index} className={paint} d={shape.d} />;
      case 'text':
        return (
          <text key={index} className={paint} x={shape.x} y={shape.y} textAnchor={shape.anchor}>
            {shape.text}
          </text>
        );
    }
  });
}
