import { memo } from 'react';
import type { DiagramNote, DiagramRelation, DiagramTable } from '../../../shared/model/diagram';
import classes from './diagram-canvas.module.css';
import { drawRelation } from './draw-relation';
import { drawNote, drawTable, farTitle, type DrawingWords } from './draw-table';
import type { Detail } from './geometry';
import { lineOf } from './routes';
import type { Scene } from './scene';
import { Shapes } from './shape-elements';

/** Below this zoom a table's lines can't be read: it is drawn as a block with its name. */
export const FAR = 0.4;

interface TableNodeProps {
  readonly table: DiagramTable;
  readonly detail: Detail;
  readonly schemas: boolean;
  readonly foreign: ReadonlySet<string> | undefined;
  readonly words: DrawingWords;
  readonly width: number;
  readonly height: number;
  /** The zoom when it is far away, else 0: near tables don't change while zooming. */
  readonly farZoom: number;
  readonly chosen: boolean;
}

export const TableNode = memo(function TableNode(props: TableNodeProps) {
  const { table, detail, schemas, foreign, words, width, height, farZoom, chosen } = props;
  const far = farZoom > 0 ? farTitle(table, width, height, farZoom) : null;
  return (
    <g transform={`translate(${table.x} ${table.y})`} data-chosen={chosen || undefined} data-table={table.name}>
      {far ? (
        <>
          <rect className={classes.far} data-colour={table.colour} width={width} height={height} rx={4} />
          <text className={classes.farName} x={far.x} y={far.y} fontSize={far.size}>
            {far.text}
          </text>
        </>
      ) : (
        <Shapes shapes={drawTable(table, { detail, schemas }, foreign, words)} />
      )}
    </g>
  );
});

export const NoteNode = memo(function NoteNode({
  note,
  chosen,
}: {
  readonly note: DiagramNote;
  readonly chosen: boolean;
}) {
  return (
    <g transform={`translate(${note.x} ${note.y})`} data-chosen={chosen || undefined}>
      <Shapes shapes={drawNote(note)} />
    </g>
  );
});

interface RelationNodeProps {
  readonly scene: Scene;
  readonly relation: DiagramRelation;
  readonly lit: boolean;
  readonly far: boolean;
}

export function RelationNode({ scene, relation, lit, far }: RelationNodeProps) {
  const line = lineOf(scene, relation);
  if (!line) return null;
  const shapes = drawRelation(relation, line.table, line.route);
  return (
    <g data-lit={lit || undefined} data-far={far || undefined}>
      <Shapes shapes={far ? shapes.slice(0, 1) : shapes} />
    </g>
  );
}
