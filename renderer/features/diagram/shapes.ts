import type { DiagramColour } from '../../../shared/model/diagram';

/** Everything that is drawn, without saying how: the canvas makes elements of it, the picture files text. */

export type Paint =
  | 'box'
  | `head-${DiagramColour}`
  | `note-${DiagramColour}`
  | 'rule'
  | 'title'
  | 'quiet'
  | 'name'
  | 'key-name'
  | 'type'
  | 'note-text'
  | 'primary'
  | 'foreign'
  | 'required'
  | 'optional'
  | 'line'
  | 'end'
  | 'ring';

export type Shape =
  | {
      readonly kind: 'rect';
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      readonly radius: number;
      readonly paint: Paint;
    }
  | { readonly kind: 'path'; readonly d: string; readonly paint: Paint }
  | {
      readonly kind: 'text';
      readonly x: number;
      /** The base line. */
      readonly y: number;
      readonly anchor: 'start' | 'middle' | 'end';
      readonly text: string;
      readonly paint: Paint;
    };
