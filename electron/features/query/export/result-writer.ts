import type { RowRange } from '../../../adapters/postgres/row-spool';
import type { SaveFormat } from '../../../../shared/model/query';

/** Takes finished bytes of the file, in order; resolves when more may come. The buffer may be reused afterwards. */
export type Sink = (bytes: Uint8Array) => Promise<void>;

/** Turns the rows of one result into the bytes of one file. Called in this order: `begin`, `rows` any number of times, `end`. */
export interface ResultWriter {
  begin(sink: Sink): Promise<void>;
  rows(range: RowRange, sink: Sink): Promise<void>;
  end(sink: Sink): Promise<void>;
  /** What a person must be told of the file, e.g. that values had to be cut. */
  notes(): readonly string[];
}

/** What the person chose for the file. */
export interface SaveOptions {
  readonly format: SaveFormat;
  readonly header: boolean;
  readonly delimiter: string;
  readonly nullText: string;
  /** Quoted name for INSERT statements. */
  readonly table: string;
}
