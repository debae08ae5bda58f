import type { ChangeSink } from '../change-stream';
import type { FindRelation, PositionedDecoder } from './text-tuple';

export interface Wal2jsonOptions {
  readonly relations: FindRelation;
}

/** Decodes wal2json, format version 2, as `startOptions` asks for it. */
export function createWal2jsonDecoder(sink: ChangeSink, options: Wal2jsonOptions): PositionedDecoder {
  throw new Error(`not ready: ${typeof sink.begin} ${typeof options.relations}`);
}
